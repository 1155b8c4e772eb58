import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { testClient } from 'dewar/testing'
import { createApp } from './app.ts'

suite('tasks in an envelope', () => {
  test('a new task says where it is', async () => {
    await using client = testClient(createApp())
    const { status, headers } = await client.post('/api/tasks', { json: { title: 'Write' } })
    assert.equal(status, 201)
    const { pathname } = new URL(String(headers['location']))
    const task = await client.get(pathname)
    assert.deepEqual(task.json().data, { id: 4, title: 'Write', status: 'pending' })
  })

  test('a deleted task is gone', async () => {
    await using client = testClient(createApp())
    const { status, text } = await client.delete('/api/tasks/1')
    assert.deepEqual([status, text], [204, ''])
    assert.equal((await client.get('/api/tasks/1')).status, 404)
  })

  test('every error has the one form', async () => {
    await using client = testClient(createApp())
    const answers = [
      await client.get('/api/tasks/99'),
      await client.get('/nowhere'),
      await client.patch('/api/tasks'),
      await client.put('/api/tasks/1/status', { json: { status: 'done' } }),
      await client.post('/api/tasks', { body: 'text' }),
    ]
    assert.deepEqual(
      answers.map(({ status }) => status),
      [404, 404, 405, 400, 415],
    )
    for (const answer of answers) {
      assert.equal(answer.json().status, 'error')
      assert.equal(typeof answer.json().error.message, 'string')
    }
  })
})
