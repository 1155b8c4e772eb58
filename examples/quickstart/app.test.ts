import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { testClient } from 'dewar/testing'
import { createApp } from './app.ts'

suite('quickstart', () => {
  test('says that it is well', async () => {
    await using client = testClient(createApp())
    const answer = await client.get('/api/status')
    assert.equal(answer.status, 200)
    assert.deepEqual(answer.json(), { status: 'ok' })
  })

  test('finds books whatever the case', async () => {
    await using client = testClient(createApp())
    const answer = await client.get('/api/books/search', { query: { title: 'python' } })
    assert.deepEqual(answer.json(), [{ id: 1, title: 'Python Basics' }])
  })

  test('keeps messages, sent as a form', async () => {
    await using client = testClient(createApp())
    const answer = await client.post('/api/messages', { form: { text: 'Hello API' } })
    assert.equal(answer.status, 201)
    const all = await client.get('/api/messages')
    assert.deepEqual(all.json(), [{ id: 1, text: 'Hello API' }])
  })

  test('completes a todo', async () => {
    await using client = testClient(createApp())
    await client.post('/api/todos/1/complete')
    const answer = await client.get('/api/todos/1')
    assert.deepEqual(answer.json(), { id: 1, title: 'Learn Flask', done: true })
  })

  test('two apps share nothing', async () => {
    await using first = testClient(createApp())
    await using second = testClient(createApp())
    await first.post('/api/messages', { form: { text: 'only here' } })
    assert.deepEqual((await second.get('/api/messages')).json(), [])
  })

  test('answers an error as JSON', async () => {
    await using client = testClient(createApp())
    const answer = await client.get('/api/users/3')
    assert.equal(answer.status, 404)
    assert.deepEqual(answer.json(), { error: '404 Not Found: User with ID 3 not found' })
  })
})
