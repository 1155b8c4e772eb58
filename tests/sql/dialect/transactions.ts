import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { App } from 'dewar'
import { database, DatabaseBusy, Deadlock, id, integer, model, sql, string } from 'dewar/db'
import { testClient } from 'dewar/testing'
import { openApp, type TestedDialect } from './tested.ts'

const Account = model('accounts', { id: id(), name: string(20), balance: integer().default(0) })
const db = database([Account])

const balance = async (key: number) => (await db.getOr404(Account, key)).balance
const add = async (key: number, amount: number) => {
  const account = await db.getOr404(Account, key, undefined, { lock: true })
  await sleep(Math.random() * 3)
  await db.update(Account, account, { balance: account.balance + amount })
}

export function transactionsSuite(dialect: TestedDialect): void {
  suite('units of work', () => {
    test('are kept when they return, undone when they throw', async () => {
      await using opened = await openApp(db, dialect)
      await opened.unit(() => db.insert(Account, { name: 'kept' }))
      const failed = opened.unit(async () => {
        await db.insert(Account, { name: 'a' })
        await db.updateMany(Account, {}, { balance: 5 })
        assert.equal(await db.find(Account).where({ balance: 5 }).count(), 2)
        throw new Error('boom')
      })
      await assert.rejects(failed, /boom/)
      const rows = await opened.unit(() => db.find(Account))
      assert.deepEqual(
        rows.map(({ name, balance: each }) => [name, each]),
        [['kept', 0]],
      )
    })

    test('do not see what others have not committed', async () => {
      await using opened = await openApp(db, dialect)
      const { promise: written, resolve: tell } = Promise.withResolvers<void>()
      const { promise: goOn, resolve: letGo } = Promise.withResolvers<void>()
      const writing = opened.unit(async () => {
        await db.insert(Account, { name: 'a' })
        tell()
        await goOn
        return db.find(Account).count()
      })
      await written
      assert.equal(await opened.unit(() => db.find(Account).count()), 0)
      letGo()
      assert.equal(await writing, 1)
      assert.equal(await opened.unit(() => db.find(Account).count()), 1)
    })

    test('that read with a lock lose nothing, many at once', async () => {
      await using opened = await openApp(db, dialect)
      const account = await opened.unit(() => db.insert(Account, { name: 'a' }))
      const work = Array.from({ length: 30 }, () => opened.unit(() => add(account.id, 1)))
      await Promise.all(work)
      assert.equal(await opened.unit(() => balance(account.id)), 30)
    })

    test('wait for each other no longer than the deadline', async () => {
      await using opened = await openApp(db, dialect, '1s')
      const account = await opened.unit(() => db.insert(Account, { name: 'a' }))
      const { promise: goOn, resolve: letGo } = Promise.withResolvers<void>()
      const { promise: locked, resolve: tell } = Promise.withResolvers<void>()
      const holding = opened.unit(async () => {
        await db.get(Account, account.id, { lock: true })
        tell()
        await goOn
      })
      await locked
      await assert.rejects(
        opened.unit(() => add(account.id, 1)),
        DatabaseBusy,
      )
      assert.equal(await opened.unit(() => balance(account.id)), 0)
      letGo()
      await holding
      await opened.unit(() => add(account.id, 1))
    })

    test(
      'that wait for each other in a circle end, one of them with an error',
      { skip: !dialect.hasRowLocks },
      async () => {
        await using opened = await openApp(db, dialect)
        const [a, b] = await opened.unit(() =>
          db.insertMany(Account, [{ name: 'a' }, { name: 'b' }]),
        )
        const gate = Promise.withResolvers<void>()
        let arrived = 0
        const both = (first: number, second: number) =>
          opened.unit(async () => {
            await db.get(Account, first, { lock: true })
            if (++arrived === 2) gate.resolve()
            await gate.promise
            await db.update(Account, second, { balance: 1 })
          })
        const results = await Promise.allSettled([both(a!.id, b!.id), both(b!.id, a!.id)])
        const failed = results.flatMap((result) =>
          result.status === 'rejected' ? [result.reason] : [],
        )
        assert.equal(failed.length, 1)
        assert.ok(failed[0] instanceof Deadlock)
      },
    )

    test('never get a key that was another row’s', async () => {
      await using opened = await openApp(db, dialect)
      const keys = new Set<number>()
      for (let i = 0; i < 3; i++) {
        const row = await opened.unit(() => db.insert(Account, { name: 'a' }))
        assert.ok(!keys.has(row.id))
        keys.add(row.id)
        await opened.unit(() => db.delete(Account, row.id))
      }
      await opened.unit(() => db.insert(Account, { id: 1000, name: 'given' }))
      const after = await opened.unit(() => db.insert(Account, { name: 'a' }))
      assert.ok(after.id > 1000)
      await opened.unit(() => db.insert(Account, { id: 500, name: 'below' }))
      const last = await opened.unit(() => db.insert(Account, { name: 'a' }))
      assert.ok(last.id > after.id)
    })

    test('hold raw statements too, which are refused where nothing may be written', async () => {
      await using opened = await openApp(db, dialect)
      const write = () => sql`update accounts set balance = 7`.execute(db.kysely)
      await opened.unit(() => db.insert(Account, { name: 'a' }))
      await assert.rejects(
        opened.unit(async () => {
          await write()
          throw new Error('boom')
        }),
        /boom/,
      )
      const [row] = await opened.unit(() => db.find(Account))
      assert.equal(row?.balance, 0)
      const result = await opened.unit(() => write())
      assert.equal(result.numAffectedRows, 1n)
      const app = new App('raw', { logger: false }).install(db, { url: dialect.database.url })
      app.get('/', async () => void (await write()))
      await using client = testClient(app)
      await assert.rejects(client.get('/'), /must not write/)
      for (const text of ['commit', 'rollback', 'savepoint a', 'begin']) {
        await assert.rejects(
          opened.unit(() => sql.raw(text).execute(db.kysely)),
          /transaction/i,
          text,
        )
      }
    })
  })
}
