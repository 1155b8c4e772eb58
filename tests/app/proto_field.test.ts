import assert from 'node:assert/strict'
import { test } from 'node:test'
import { App, InvalidInput } from 'dewar'
import { z } from 'dewar/schema'
import { testClient } from 'dewar/testing'

test('a field that is called __proto__ is named like any other that is unknown', async () => {
  const app = new App('fields', {
    logger: false,
    formatError: (error) => ({ details: error instanceof InvalidInput ? error.fields : {} }),
  })
  app.post('/', { json: z.object({ title: z.string() }) }, () => 'ok')
  await using client = testClient(app)
  const body = '{"title":"a","__proto__":{"x":1}}'
  const headers = { 'content-type': 'application/json' }
  const answer = await client.post('/', { body, headers })
  assert.equal(answer.status, 422)
  assert.equal(answer.text, '{"details":{"__proto__":["Unknown field."]}}')
})
