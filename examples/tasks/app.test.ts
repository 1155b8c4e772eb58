import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { runCommand } from 'dewar/cli'
import { testClient } from 'dewar/testing'
import { createApp } from './app.ts'
import { readConfig } from './config.ts'

// Each app of the testing profile has a database of its own, in memory, with the three first tasks.
const config = readConfig({ profile: 'testing', env: {} })
const createClient = () => testClient(createApp(config, { logger: false }))

suite('tasks', () => {
  test('are listed, newest first', async () => {
    await using client = createClient()
    const answer = await client.get('/api/tasks/')
    assert.equal(answer.status, 200)
    assert.deepEqual(
      answer.json().data.map(({ title }: { title: string }) => title),
      ['Test Refactored API', 'Implement App Factory', 'Refactor with Blueprints'],
    )
  })

  test('are listed by status', async () => {
    await using client = createClient()
    const pending = await client.get('/api/tasks/', { query: { status: 'pending' } })
    assert.equal(pending.json().data.length, 1)
    const other = await client.get('/api/tasks/', { query: { status: 'other' } })
    assert.equal(other.status, 400)
  })

  test('a new one says where it is', async () => {
    await using client = createClient()
    const json = { title: 'Write', due_date: '2026-12-24' }
    const answer = await client.post('/api/tasks/', { json })
    assert.equal(answer.status, 201)
    const { id, title, status, due_date } = answer.json().data
    assert.deepEqual({ id, title, status, due_date }, { id: 4, ...json, status: 'pending' })
    const { pathname } = new URL(String(answer.headers['location']))
    assert.equal(pathname, '/api/tasks/4')
    assert.deepEqual((await client.get(pathname)).json(), answer.json())
  })

  test('an invalid one is refused, with all that is wrong', async () => {
    await using client = createClient()
    const answer = await client.post('/api/tasks/', { json: { title: '', due_date: 'never' } })
    assert.equal(answer.status, 422)
    const { message, details } = answer.json().error
    assert.equal(message, 'Input validation failed')
    assert.deepEqual(Object.keys(details), ['title', 'due_date'])
    assert.equal((await client.get('/api/tasks/')).json().data.length, 3)
  })

  test('a patch changes what it names, and when it was changed', async () => {
    await using client = createClient()
    const before = (await client.get('/api/tasks/3')).json().data
    const answer = await client.patch('/api/tasks/3', { json: { status: 'completed' } })
    const { updated_at, ...after } = answer.json().data
    assert.ok(updated_at >= before.updated_at)
    assert.deepEqual(
      { ...after, updated_at: before.updated_at },
      { ...before, status: 'completed' },
    )
    assert.equal((await client.patch('/api/tasks/3', { json: {} })).status, 400)
  })

  test('a deleted one is gone', async () => {
    await using client = createClient()
    const { status, text } = await client.delete('/api/tasks/1')
    assert.deepEqual([status, text], [204, ''])
    assert.equal((await client.get('/api/tasks/1')).status, 404)
  })

  test('an unknown one is 404, whatever the body', async () => {
    await using client = createClient()
    const answers = [
      await client.get('/api/tasks/9'),
      await client.put('/api/tasks/9', { json: {} }),
      await client.patch('/api/tasks/9', { body: 'text' }),
      await client.delete('/api/tasks/9'),
    ]
    for (const answer of answers) {
      assert.equal(answer.status, 404)
      assert.match(answer.json().error.message, /^Task (with )?ID 9 not found/)
    }
  })

  test('init-db begins anew', async () => {
    const app = createApp(config, { logger: false })
    await using client = testClient(app)
    await client.delete('/api/tasks/1')
    assert.equal(await runCommand(app, ['init-db'], () => {}), 0)
    assert.equal((await client.get('/api/tasks/1')).status, 200)
  })
})
