import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { testClient } from 'dewar/testing'
import { app } from './app.ts'

suite('hello', () => {
  const client = testClient(app)

  test('greets the world', async () => {
    const { status, text } = await client.get('/')
    assert.equal(status, 200)
    assert.equal(text, 'Hello, World! This is my first API.')
  })

  test('greets by name', async () => {
    const answer = await client.get('/api/greet/Jane%20Doe')
    assert.deepEqual(answer.json(), { greeting: 'Hello, Jane Doe! Nice to meet you.' })
  })
})
