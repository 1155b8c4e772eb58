import assert from 'node:assert/strict'
import { after, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { App } from 'dewar'
import { database, id, model, string, UniqueViolation } from 'dewar/db'
import { rollback, testClient } from 'dewar/testing'
import { forEachDatabase } from '../../services/databases.ts'

const User = model('users', { id: id(), name: string(50).unique() })
const Attempt = model('attempts', { id: id(), name: string(50) })
const db = database([User, Attempt])
const ran: string[] = []

function createApp(url: string) {
  const app = new App('users', { logger: false }).install(db, { url })
  app.onStart(async () => {
    await db.dropTables()
    await db.createTables()
    await db.insert(User, { name: 'first' })
  })
  app.post('/users/<string:name>', async ({ params }) => {
    await db.outside(() => db.insert(Attempt, { name: params.name }))
    db.afterCommit(() => void ran.push(`commit ${params.name}`))
    db.afterRollback(() => void ran.push(`rollback ${params.name}`))
    const user = await db.insert(User, { name: params.name })
    await sleep(2)
    return user
  })
  app.post('/twice/<string:name>', async ({ params }) => {
    await db.insert(User, { name: `${params.name} too` })
    const again = () => db.insert(User, { name: params.name })
    await again()
    await db.transaction(again).catch(() => {})
    return {}
  })
  app.get('/users', async () => (await db.find(User).orderBy('id')).map(({ name }) => name))
  app.get('/attempts', () =>
    db
      .find(Attempt)
      .count()
      .then((count) => ({ count })),
  )
  return app
}

await forEachDatabase((name, { url, skip }) => {
  suite(`rollback, on ${name}`, { skip }, () => {
    const app = createApp(url)
    const client = testClient(app)
    after(() => app.close())

    for (const time of ['once', 'twice']) {
      test(`a name that must be unique can be given ${time}`, async () => {
        await using _ = await rollback(app, db)
        ran.length = 0
        assert.equal((await client.post('/users/anna')).status, 200)
        assert.deepEqual(ran, ['commit anna'])
        assert.equal((await client.post('/users/anna')).status, 409)
        assert.deepEqual(ran, ['commit anna', 'rollback anna'])
        assert.deepEqual((await client.get('/users')).json(), ['first', 'anna'])
        assert.deepEqual((await client.get('/attempts')).json(), { count: 2 })
      })
    }

    test('leaves what was there before, and nothing else', async () => {
      assert.deepEqual((await client.get('/users')).json(), ['first'])
      assert.deepEqual((await client.get('/attempts')).json(), { count: 0 })
    })

    test('requests at once take turns', async () => {
      await using _ = await rollback(app, db)
      const names = Array.from({ length: 8 }, (_each, i) => `u${i}`)
      const answers = await Promise.all([
        ...names.map((each) => client.post(`/users/${each}`)),
        client.get('/users'),
        client.post('/users/u0'),
      ])
      assert.deepEqual(
        answers.map(({ status }) => status).toSorted((a, b) => a - b),
        [...Array.from({ length: 9 }, () => 200), 409],
      )
      assert.deepEqual((await client.get('/users')).json().toSorted(), ['first', ...names])
    })

    test('parts of a unit of work are undone as always', async () => {
      await using _ = await rollback(app, db)
      assert.equal((await client.post('/twice/bob')).status, 200)
      assert.deepEqual((await client.get('/users')).json(), ['first', 'bob too', 'bob'])
    })

    test('the test’s own scopes are within it', async () => {
      await using _ = await rollback(app, db)
      await app.withScope(() => db.insert(User, { name: 'carl' }), 'test')
      assert.equal((await client.post('/users/carl')).status, 409)
      const again = app.withScope(() => db.insert(User, { name: 'carl' }))
      await assert.rejects(again, UniqueViolation)
    })

    test('is one at a time; the app may be closed within it', async () => {
      await using other = createApp(url)
      const first = await rollback(other, db)
      await assert.rejects(rollback(other, db), /already/)
      await first[Symbol.asyncDispose]()
      const second = await rollback(other, db)
      await other.close()
      await second[Symbol.asyncDispose]()
    })
  })
})
