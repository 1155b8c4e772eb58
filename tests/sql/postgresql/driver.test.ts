import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  DatabaseBusy,
  DatabaseError,
  DatabaseUnavailable,
  SerializationFailure,
  sql,
  StatementCancelled,
  StatementTimeout,
  UniqueViolation,
} from 'dewar/db'
import { App } from 'dewar'
import { testClient } from 'dewar/testing'
import type { Query } from '../../../src/sql/driver.ts'
import { toOpen } from '../../../src/sql/open.ts'
import { ask, db, openApp, server, Task, withParameters } from './fixtures.ts'

const settings = { max: 5, idleMs: 1000, connectTimeoutMs: 2000, statementTimeoutMs: undefined }
const openDriver = (url = server.url, waitMs = 2000) =>
  toOpen(url, { dir: '.', waitMs, pool: settings })()
const begin = { isAbandoned: () => false, label: () => 'a test' }
const query = (text: string, access: Query['access'] = 'read') =>
  ({ sql: text, fetch: 'row', access }) as const

suite('PostgreSQL', { skip: server.skip }, () => {
  suite('raw statements', () => {
    test('that write by a function run in the transaction, and not at all where nothing may be written', async () => {
      await using app = await openApp()
      await ask(`create or replace function add_task() returns bigint language sql as $$
        insert into tasks (title, points) values ('by function', 0) returning id $$`)
      const write = () => sql`select add_task()`.execute(db.kysely)
      const failing = app.withScope(async () => {
        await write()
        throw new Error('boom')
      })
      await assert.rejects(failing, /boom/)
      assert.equal(await app.withScope(() => db.find(Task).count()), 0)
      await app.withScope(write)
      await app.withScope(write)
      assert.equal(await app.withScope(() => db.find(Task).count()), 2)
      const other = new App('other', { logger: false }).install(db, { url: server.url })
      other.get('/', async () => void (await write()))
      await using client = testClient(other)
      await assert.rejects(client.get('/'), /must not write/)
      await assert.rejects(client.get('/'), /must not write/)
      assert.equal(await other.withScope(() => db.find(Task).count()), 2)
    })

    test('are one statement, and leave the connection as it was', async () => {
      await using app = await openApp()
      const refuses = (text: string) =>
        assert.rejects(
          app.withScope(() => sql.raw(text).execute(db.kysely)),
          DatabaseError,
          text,
        )
      await refuses('select 1; delete from tasks')
      await refuses('select 1; commit')
      await refuses('set default_transaction_read_only = off')
      await refuses('copy tasks from stdin')
      await app.withScope(async () => {
        await sql`set local search_path = pg_catalog`.execute(db.kysely)
        await sql`select * from pg_class limit 1`.execute(db.kysely)
      })
      assert.equal(await app.withScope(() => db.find(Task).count()), 0)
    })

    test('answer values of the types that the server names', async () => {
      await using app = await openApp()
      const { rows } = await app.withScope(() =>
        sql`select 1::int2 as a, 2::bigint as b, 9007199254740993 as c, true as d, 1.50 as e, '2026-01-02T03:04:05.006Z'::timestamptz as f,
          '{"a":1}'::jsonb as g, '\\x00ff'::bytea as h, null as i, 1.5::float8 as j, 'x' as k, time '10:00:00.5' as l, count(*) as n from tasks`.execute(
          db.kysely,
        ),
      )
      assert.deepEqual(rows, [
        {
          a: 1,
          b: 2,
          c: 9_007_199_254_740_993n,
          d: true,
          e: '1.50',
          f: new Date('2026-01-02T03:04:05.006Z'),
          g: { a: 1 },
          h: new Uint8Array([0, 255]),
          i: null,
          j: 1.5,
          k: 'x',
          l: '10:00:00.500',
          n: 0,
        },
      ])
    })
  })

  suite('statements', () => {
    test('end with the time they may take, and when nobody waits for them', async () => {
      const driver = await openDriver(withParameters('statement_timeout=200ms'))
      await assert.rejects(
        async () => driver.reader.execute(query('select pg_sleep(20)'), []),
        StatementTimeout,
      )
      await driver.close()
      const patient = await openDriver()
      const controller = new AbortController()
      const slow = Promise.resolve(
        patient.reader.execute(query(`select pg_sleep(20), 'cancelled'`), [], controller.signal),
      )
      setTimeout(() => controller.abort(), 50)
      await assert.rejects(slow, StatementCancelled)
      const running = await ask(
        `select 1 from pg_stat_activity where query like '%''cancelled''%' and state = 'active' and pid <> pg_backend_pid()`,
      )
      assert.deepEqual(running, [])
      await assert.rejects(
        async () => patient.reader.execute(query('select 1'), [], AbortSignal.abort()),
        StatementCancelled,
      )
      assert.deepEqual(await patient.reader.execute(query('select 1'), []), ['1'])
      await patient.close()
    })

    test('of a transaction are stopped when it is rolled back', async () => {
      const driver = await openDriver()
      const transaction = await driver.begin(begin)
      const slow = Promise.resolve(transaction.execute(query('select pg_sleep(20)'), []))
      const failing = assert.rejects(slow, DatabaseError)
      await sleep(50)
      const since = performance.now()
      await transaction.rollback()
      await failing
      assert.ok(performance.now() - since < 5000)
      await driver.close()
    })

    test('stay prepared in bounded number', async () => {
      const driver = await openDriver(withParameters('pool_max=1'))
      for (let i = 0; i < 700; i++) await driver.reader.execute(query(`select ${i}`), [])
      const [count] =
        (await driver.reader.execute(query('select count(*) from pg_prepared_statements'), [])) ??
        []
      assert.ok(Number(count) >= 50 && Number(count) <= 201, String(count))
      await driver.close()
    })

    test('that were prepared before a table changed are prepared anew', async () => {
      await using app = await openApp()
      const read = () => app.withScope(() => db.find(Task))
      await app.withScope(() => db.insert(Task, { title: 'a' }))
      for (let i = 0; i < 3; i++) await read()
      await ask('alter table tasks alter points type int')
      assert.equal((await read())[0]?.points, 0)
    })
  })

  suite('transactions', () => {
    test('have the isolation that is asked for', async () => {
      await using app = await openApp()
      await app.withScope(() => db.insert(Task, { title: 'a' }))
      const driver = await openDriver()
      const isolation = 'repeatable read' as const
      const transaction = await driver.begin({ ...begin, isolation })
      await transaction.execute(query('select points from tasks'), [])
      await app.withScope(() => db.updateMany(Task, {}, { points: 5 }))
      assert.deepEqual(await transaction.execute(query('select points from tasks'), []), ['0'])
      const write = async () =>
        transaction.execute(query('update tasks set points = 6', 'write'), [])
      await assert.rejects(write, SerializationFailure)
      await assert.rejects(write, /failed at an earlier statement/)
      await assert.rejects(async () => transaction.commit(), /failed/)
      assert.equal((await app.withScope(() => db.find(Task)))[0]?.points, 5)
      await driver.close()
    })

    test('whose read fails are not kept by a commit', async () => {
      await using app = await openApp()
      const driver = await openDriver()
      const transaction = await driver.begin(begin)
      await transaction.execute(
        query(`insert into tasks (title) values ('a') returning id`, 'write'),
        [],
      )
      await assert.rejects(async () => transaction.execute(query('select 1/0'), []), DatabaseError)
      await assert.rejects(async () => transaction.commit(), /failed/)
      assert.equal(await app.withScope(() => db.find(Task).count()), 0)
      await driver.close()
    })

    test('are refused by constraints that are checked at the commit', async () => {
      await using app = await openApp()
      await ask(
        'alter table tasks add constraint uq_title unique (title) deferrable initially deferred',
      )
      const twice = app.withScope(async () => {
        await db.insert(Task, { title: 'a' })
        await db.insert(Task, { title: 'a' })
      })
      await assert.rejects(twice, (error) => {
        return error instanceof UniqueViolation && error.columns.join() === 'title'
      })
      assert.equal(await app.withScope(() => db.find(Task).count()), 0)
    })

    test('of 1000 writes, 100 of which fail, keep the others', async () => {
      await using app = await openApp()
      await app.withScope(async () => {
        const writes = Array.from({ length: 1000 }, (_, i) => {
          const title = i % 10 === 0 ? 'x'.repeat(41) : `t${i}`
          return db.insert(Task, { title }).catch(() => undefined)
        })
        const rows = await Promise.all(writes)
        assert.equal(rows.filter(Boolean).length, 900)
      })
      assert.equal(await app.withScope(() => db.find(Task).count()), 900)
    })
  })

  suite('connections', () => {
    test('are waited for until the deadline, and never more than there may be', async () => {
      await using app = await openApp({ pool: { max: 2 }, wait: '1s' })
      const { promise: goOn, resolve: letGo } = Promise.withResolvers<void>()
      const holding = [1, 2].map(() =>
        app.withScope(async () => {
          await db.insert(Task, { title: 'a' })
          await goOn
        }),
      )
      await sleep(200)
      await assert.rejects(
        app.withScope(() => db.find(Task).count()),
        (error) => {
          return (
            error instanceof DatabaseBusy && /all 2 connections were in use/.test(error.message)
          )
        },
      )
      const counts = Array.from({ length: 20 }, () => app.withScope(() => db.find(Task).count()))
      letGo()
      await Promise.all(holding)
      for (const count of await Promise.all(counts)) assert.ok(count <= 2)
      const [open] = await ask<{ n: number }>(
        `select count(*)::int as n from pg_stat_activity where datname = current_database() and application_name = 'dewar'`,
      )
      assert.equal(open?.n, 2)
    })

    test('that nobody uses are closed', async () => {
      await using app = await openApp({
        url: withParameters('pool_idle=100ms&application_name=idlers'),
      })
      await app.withScope(() => db.find(Task).count())
      const idlers = () => ask(`select 1 from pg_stat_activity where application_name = 'idlers'`)
      while ((await idlers()).length > 0) await sleep(20)
      assert.equal(await app.withScope(() => db.find(Task).count()), 0)
    })

    test('that cannot be had are said at the start, without the password', async () => {
      const fails = (url: string, error: RegExp) =>
        assert.rejects(openDriver(url, 500), (thrown) => {
          assert.ok(thrown instanceof DatabaseUnavailable)
          assert.match(thrown.message, error)
          return !thrown.message.includes('s3cret')
        })
      const missing = new URL(server.url)
      missing.pathname = '/dewar_missing'
      await fails(missing.href, /dewar_missing/)
      await fails('postgresql://a:s3cret@127.0.0.1:1/x', /ECONNREFUSED/)
      await fails('postgresql://a:s3cret@/x?host=/missing', /ENOENT/)
      await fails('postgresql://a:s3cret@host.invalid/x', /host\.invalid|not answer/)
    })
  })
})
