import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { sql } from 'dewar/db'
import { testClient } from 'dewar/testing'
import { Account, bank, db, Entry } from './fixtures.ts'

suite('db.kysely', () => {
  test('reads and writes the values of the models, in the unit of work', async () => {
    await using app = bank()
    await assert.rejects(
      app.withScope(async () => {
        await db.insert(Account, { name: 'a' })
        const { changed_at } = await db.kysely
          .selectFrom('accounts as a')
          .select(['a.changed_at'])
          .where('a.changed_at', '<=', new Date())
          .executeTakeFirstOrThrow()
        assert.ok(changed_at instanceof Date)
        const result = await db.kysely
          .updateTable('accounts')
          .set({ balance: 5 })
          .executeTakeFirst()
        assert.equal(result.numUpdatedRows, 1n)
        const inserted = await db.kysely
          .insertInto('entries')
          .values({ token: 'a' })
          .executeTakeFirst()
        assert.equal(inserted.insertId, 1n)
        throw new Error('boom')
      }),
      /boom/,
    )
    assert.equal(await app.withScope(() => db.find(Account).count()), 0)
  })

  test('a raw write opens the transaction too, and is refused in a GET', async () => {
    const app = bank()
    const write = () =>
      sql`with t(x) as (select 'a') insert into entries (token) select x from t`.execute(db.kysely)
    app.get('/', async () => void (await write()))
    app.post('/', async () => {
      await write()
      throw new Error('boom')
    })
    await using client = testClient(app)
    await assert.rejects(client.get('/'), /must not write/)
    await assert.rejects(client.post('/'), /boom/)
    assert.equal(await app.withScope(() => db.find(Entry).count()), 0)
  })

  test('refuses what would change the connection, or end the transaction', async () => {
    await using app = bank()
    const refuses = (statement: string, error: RegExp) =>
      assert.rejects(
        app.withScope(() => sql.raw(statement).execute(db.kysely)),
        error,
      )
    await refuses('commit', /db\.transaction\(\)/)
    await refuses('savepoint a', /db\.transaction\(\)/)
    await refuses("attach 'x' as y", /shared/)
    await refuses('vacuum', /shared/)
    await refuses('pragma foreign_keys = off', /shared/)
    await refuses('selec 1', /syntax error/)
    await refuses('select * from missing', /no such table/)
    await assert.rejects(
      app.withScope(() => db.kysely.transaction().execute(async () => {})),
      /db\.transaction\(\)/,
    )
    await app.withScope(() => sql`pragma table_info(accounts)`.execute(db.kysely))
  })
})
