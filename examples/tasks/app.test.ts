import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { runCommand } from 'dewar/cli'
import { type TestClient, testClient } from 'dewar/testing'
import { createApp } from './app.ts'
import { readConfig } from './config.ts'

// Each app of the testing profile has a database of its own, in memory, with the three first tasks and two users.
const config = readConfig({ profile: 'testing', env: {} })
const createClient = () => testClient(createApp(config, { logger: false }))

async function logIn(client: TestClient, username: string): Promise<string> {
  const json = { username, password: 'password' }
  return (await client.post('/auth/login', { json })).json().access_token
}

/** A client that is signed in, and closes its app. */
async function createClientFor(username: string): Promise<TestClient> {
  const app = createApp(config, { logger: false })
  const token = await logIn(testClient(app), username)
  return testClient(app, { headers: { authorization: `Bearer ${token}` } })
}

suite('tasks', () => {
  test('are listed, newest first', async () => {
    await using client = await createClientFor('admin')
    const answer = await client.get('/api/tasks/')
    assert.equal(answer.status, 200)
    assert.deepEqual(
      answer.json().data.map(({ title }: { title: string }) => title),
      ['Test Refactored API', 'Implement App Factory', 'Refactor with Blueprints'],
    )
  })

  test('are listed by status', async () => {
    await using client = await createClientFor('admin')
    const pending = await client.get('/api/tasks/', { query: { status: 'pending' } })
    assert.equal(pending.json().data.length, 1)
    const other = await client.get('/api/tasks/', { query: { status: 'other' } })
    assert.equal(other.status, 400)
  })

  test('a new one says where it is', async () => {
    await using client = await createClientFor('admin')
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
    await using client = await createClientFor('admin')
    const answer = await client.post('/api/tasks/', { json: { title: '', due_date: 'never' } })
    assert.equal(answer.status, 422)
    const { message, details } = answer.json().error
    assert.equal(message, 'Input validation failed')
    assert.deepEqual(Object.keys(details), ['title', 'due_date'])
    assert.equal((await client.get('/api/tasks/')).json().data.length, 3)
  })

  test('a patch changes what it names, and when it was changed', async () => {
    await using client = await createClientFor('admin')
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
    await using client = await createClientFor('admin')
    const { status, text } = await client.delete('/api/tasks/1')
    assert.deepEqual([status, text], [204, ''])
    assert.equal((await client.get('/api/tasks/1')).status, 404)
  })

  test('an unknown one is 404, whatever the body', async () => {
    await using client = await createClientFor('admin')
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
    await using client = await createClientFor('admin')
    const { app } = client
    await client.delete('/api/tasks/1')
    const printed: string[] = []
    assert.equal(await runCommand(app, ['init-db'], (line) => printed.push(line)), 0)
    assert.match(printed.join(' '), /admin\/password.*WARNING/)
    const token = await logIn(testClient(app), 'user')
    const headers = { authorization: `Bearer ${token}` }
    assert.equal((await client.get('/api/tasks/1', { headers })).status, 200)
  })
})

suite('sign-in', () => {
  test('without a token nothing is shown', async () => {
    await using client = createClient()
    const answer = await client.get('/api/tasks/')
    assert.equal(answer.status, 401)
    assert.deepEqual(answer.json(), { msg: 'Missing Authorization Header' })
    assert.equal(answer.headers['www-authenticate'], 'Bearer realm="tasks"')
  })

  test('only an admin may delete', async () => {
    await using client = await createClientFor('user')
    const { status, text } = await client.delete('/api/tasks/1')
    assert.equal(status, 403)
    assert.match(text, /Admin role required/)
    assert.equal((await client.get('/api/tasks/1')).status, 200)
  })

  test('whoever registers is a user, and can log out', async () => {
    await using client = createClient()
    const json = { username: 'ann', email: 'ann@example.com', password: 'secret' }
    assert.equal((await client.post('/auth/register', { json })).status, 201)
    assert.equal((await client.post('/auth/register', { json })).status, 409)
    const { access_token } = (await client.post('/auth/login', { json })).json()
    const headers = { authorization: `Bearer ${access_token}` }
    assert.equal((await client.get('/api/tasks/', { headers })).status, 200)
    assert.equal((await client.post('/auth/logout', { headers })).status, 204)
    assert.equal((await client.get('/api/tasks/', { headers })).status, 401)
  })

  test('production starts neither with the secret of development, nor with passwords that everybody knows', async () => {
    const profile = 'production'
    assert.throws(() => readConfig({ profile, env: {} }), /JWT_SECRET_KEY/)
    const dir = mkdtempSync(join(tmpdir(), 'tasks-'))
    try {
      const url = `sqlite:///${join(dir, 'tasks.db')}`
      const overrides = { databaseUrl: url }
      const development = readConfig({ profile: 'development', env: {}, overrides })
      await using seeded = createApp(development, { logger: false })
      await seeded.ready()
      const env = { JWT_SECRET_KEY: 'kV1v7xq3mJ9pWc5ZtR2yH8sLd4Gf6NbQ0uEa' }
      const live = createApp(readConfig({ profile, env, overrides }), { logger: false })
      await assert.rejects(live.ready(), /knows the password of admin and user/)
      await live.close()
    } finally {
      rmSync(dir, { recursive: true })
    }
  })
})
