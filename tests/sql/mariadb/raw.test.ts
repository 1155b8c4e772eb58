import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { App } from 'dewar'
import { database, id, integer, model, sql } from 'dewar/db'
import { testClient } from 'dewar/testing'
import { define, open, service } from './fixtures.ts'

const Visit = model('raw_visits', { id: id(), n: integer() })
const db = database([Visit])

suite('raw statements on MariaDB', { skip: service.skip }, () => {
  test('that write by a function, which their text does not tell, are part of the unit of work', async () => {
    await using driver = await open()
    const app = new App('raw', { logger: false }).install(db, { url: service.url })
    app.onStart(() => db.createTables())
    const visit = () => sql`select raw_visit() as n`.execute(db.kysely)
    app.get('/', async () => void (await visit()))
    app.post('/', async () => (await visit()).rows)
    app.post('/undone', async () => {
      await visit()
      throw new Error('boom')
    })
    await using client = testClient(app)
    await define(
      driver,
      'drop function if exists raw_visit',
      'create function raw_visit() returns int modifies sql data begin insert into raw_visits (n) values (1); return 1; end',
    )
    await assert.rejects(client.get('/'), /must not write/)
    assert.deepEqual((await client.post('/')).json(), [{ n: 1 }])
    await assert.rejects(client.post('/undone'), /boom/)
    assert.equal(await app.withScope(() => db.find(Visit).count()), 1)
  })

  test('that define tables are refused, and say what to do', async () => {
    const app = new App('raw', { logger: false }).install(db, { url: service.url })
    await app.ready()
    await app.withScope(async () => {
      await db.createTables()
      await db.insert(Visit, { n: 2 })
      await assert.rejects(
        db.kysely.schema.dropTable('raw_visits').execute(),
        /DROP commits what was written before/,
      )
      await assert.rejects(sql`truncate raw_visits`.execute(db.kysely), /db\.deleteMany\(\)/)
      assert.ok((await db.find(Visit).count()) > 0)
    })
    await app.close()
  })
})
