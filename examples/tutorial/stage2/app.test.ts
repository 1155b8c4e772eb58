import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { testClient } from 'dewar/testing'
import { createApp } from './app.ts'

suite('tasks', () => {
  test('a new task is pending, and its title is stripped', async () => {
    await using client = testClient(createApp())
    const answer = await client.post('/api/tasks', { json: { title: '  Write tests ' } })
    assert.equal(answer.status, 201)
    assert.deepEqual(answer.json(), { id: 4, title: 'Write tests', status: 'pending' })
  })

  test('a task needs a title', async () => {
    await using client = testClient(createApp())
    for (const json of [{}, [], null]) {
      const answer = await client.post('/api/tasks', { json })
      assert.equal(answer.status, 400)
      assert.deepEqual(answer.json(), { error: "Missing 'title' in request body" })
    }
  })

  test('an unknown task is not found', async () => {
    await using client = testClient(createApp())
    const answer = await client.get('/api/tasks/99')
    assert.equal(answer.status, 404)
    assert.deepEqual(answer.json(), { error: 'Task with ID 99 not found' })
  })
})
