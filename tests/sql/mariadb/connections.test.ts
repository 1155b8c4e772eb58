import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { suite, test } from 'node:test'
import {
  ConnectionLost,
  DatabaseBusy,
  DatabaseUnavailable,
  DataError,
  StatementCancelled,
  StatementTimeout,
  WriteInRead,
} from '../../../src/sql/errors.ts'
import { openMariadb } from '../../../src/sql/mariadb/driver.ts'
import { parseMariadbURL } from '../../../src/sql/mariadb/url.ts'
import { freePort } from '../../services/free_port.ts'
import { counting, define, newSession, open, POOL, reading, service } from './fixtures.ts'

const SLOW = reading("select count(*) from seq_1_to_10000000000 where md5(seq) = 'a'")
const ME = { isAbandoned: () => false, label: () => 'a test' }

suite('connections to MariaDB', { skip: service.skip }, () => {
  test('are in UTC, strict, and compare text by code point', async () => {
    await using driver = await open()
    const rows = await driver.reader.execute(
      reading(
        `select @@time_zone, @@collation_connection, @@tx_isolation, @@tx_read_only, 'a' = 'a ', 'a' = 'A'`,
      ),
      [],
    )
    assert.deepEqual(rows, [['+00:00', 'utf8mb4_nopad_bin', 'READ-COMMITTED', 1, 0, 0]])
  })

  test('are no more than the pool has, and waited for until the deadline', async () => {
    await using driver = await open('pool_max=2', 300)
    const held = await Promise.all([driver.begin(ME), driver.begin(ME)])
    await assert.rejects(
      Promise.resolve(driver.begin(ME)),
      (error) => error instanceof DatabaseBusy && /2 connections/.test(error.message),
    )
    const waiting = driver.reader.execute(reading('select 1'), [])
    await held[0]?.rollback()
    assert.deepEqual(await waiting, [[1]])
    await held[1]?.rollback()
    const counts = Array.from({ length: 50 }, async () =>
      driver.reader.execute(reading('select connection_id()'), []),
    )
    const ids = new Set((await Promise.all(counts)).map(([row]) => row?.[0]))
    assert.ok(ids.size <= 2)
  })

  test('that nobody uses are closed after a while', async () => {
    await using driver = await open('pool_idle=50ms')
    const [[first] = []] = await driver.reader.execute(reading('select connection_id()'), [])
    await sleep(500)
    const [[second] = []] = await driver.reader.execute(reading('select connection_id()'), [])
    assert.notEqual(first, second)
  })

  test('stop a statement that nobody waits for, and can be used after', async () => {
    await using driver = await open('pool_max=1')
    const started = performance.now()
    for (const isRead of [true, false]) {
      const abort = new AbortController()
      const transaction = isRead ? undefined : await driver.begin(ME)
      const executor = transaction ?? driver.reader
      const slow = executor.execute(SLOW, [], abort.signal)
      setTimeout(() => abort.abort(), 100)
      await assert.rejects(Promise.resolve(slow), StatementCancelled)
      assert.deepEqual(await executor.execute(reading('select 1'), []), [[1]])
      await assert.rejects(
        Promise.resolve(executor.execute(reading('select 1'), [], abort.signal)),
        StatementCancelled,
      )
      await transaction?.rollback()
    }
    assert.ok(performance.now() - started < 15_000)
  })

  test('survive signals that come when the statement is over', async () => {
    await using driver = await open('pool_max=2')
    for (let i = 0; i < 30; i++) {
      const abort = new AbortController()
      const running = driver.reader.execute(reading('select 1'), [], abort.signal)
      setTimeout(() => abort.abort(), Math.random() * 3)
      await Promise.resolve(running).catch((error: unknown) =>
        assert.ok(error instanceof StatementCancelled),
      )
      assert.deepEqual(await driver.reader.execute(reading('select 2'), []), [[2]])
    }
  })

  test('stop what still runs when its transaction is rolled back, and begin nothing after', async () => {
    await using driver = await open('pool_max=1')
    const started = performance.now()
    const transaction = await driver.begin(ME)
    const running = assert.rejects(Promise.resolve(transaction.execute(SLOW, [])))
    await sleep(100)
    const undone = transaction.rollback()
    await assert.rejects(Promise.resolve(transaction.execute(reading('select 1'), [])), /is over/)
    await Promise.all([undone, running])
    assert.deepEqual(await driver.reader.execute(reading('select 1'), []), [[1]])
    assert.ok(performance.now() - started < 15_000)
  })

  test('answer all that was asked for at once, and what still waits when they are closed', async () => {
    const driver = await open('pool_max=1', 500)
    const transaction = await driver.begin(ME)
    const numbers = Array.from({ length: 20 }, async (_, i) =>
      transaction.execute(reading(`select ${i}`), []),
    )
    assert.deepEqual((await Promise.all(numbers)).flat(2), [...numbers.keys()])
    const running = assert.rejects(Promise.resolve(transaction.execute(SLOW, [])), ConnectionLost)
    await driver.close()
    await running
    await assert.rejects(
      async () => driver.reader.execute(reading('select 1'), []),
      DatabaseUnavailable,
    )
  })

  test('end a statement that takes too long', async () => {
    await using driver = await open('statement_timeout=200ms')
    await assert.rejects(Promise.resolve(driver.reader.execute(SLOW, [])), StatementTimeout)
    assert.deepEqual(await driver.reader.execute(reading('select 1'), []), [[1]])
  })

  test('refuse more than the server takes, and stay', async () => {
    await using driver = await open('pool_max=1')
    const sql = reading('select length(?), connection_id()')
    const [[, first] = []] = await driver.reader.execute(sql, ['a'])
    await assert.rejects(
      Promise.resolve(driver.reader.execute(sql, ['x'.repeat(64 * 1024 * 1024)])),
      DataError,
    )
    const rows = await driver.reader.execute(sql, ['ü'.repeat(4_000_000)])
    assert.deepEqual(rows, [[8_000_000, first]])
  })

  test('refuse to write where they read, whatever the statement calls', async () => {
    await using driver = await open()
    await define(
      driver,
      'drop function if exists raise',
      'drop table if exists raised',
      'create table raised (n int)',
      'create function raise() returns int modifies sql data begin insert into raised values (1); return 1; end',
    )
    const raise = reading('select raise()')
    assert.equal(driver.accessOf(raise.sql), 'read')
    await assert.rejects(Promise.resolve(driver.reader.execute(raise, [])), WriteInRead)
    assert.equal(driver.accessOf(raise.sql), 'write')
    const session = newSession(driver)
    await session.open()
    assert.deepEqual(await session.execute(raise, []), [[1]])
    await session.commit()
    const rows = await driver.reader.execute(reading('select count(*) from raised'), [])
    assert.deepEqual(rows, [[1]])
  })

  test('tell when a statement has ended the transaction', async () => {
    await using driver = await open()
    await define(
      driver,
      'drop procedure if exists sneak',
      'drop table if exists sneaked',
      'create table sneaked (n int)',
      'create procedure sneak() begin commit; end',
    )
    for (const sql of ['call sneak()', 'alter table sneaked comment = "a"'.replaceAll('"', "'")]) {
      const session = newSession(driver)
      await session.execute(counting('insert into sneaked values (1)'), [])
      await assert.rejects(
        Promise.resolve(session.execute(counting(sql), [])),
        /has ended the transaction/,
      )
      await assert.rejects(
        Promise.resolve(session.execute(counting('insert into sneaked values (2)'), [])),
        /is over/,
      )
      await assert.rejects(async () => session.commit(), /is over/)
    }
  })

  test('of several processes define tables one after the other', async () => {
    await using one = await open('', 10_000)
    await using other = await open('', 10_000)
    await using impatient = await open('', 1000)
    let running = 0
    const work = async () => {
      assert.equal(++running, 1)
      await sleep(100)
      running--
    }
    await Promise.all([one.define(work), other.define(work), one.define(work)])
    const { promise: goOn, resolve: letGo } = Promise.withResolvers<void>()
    const { promise: begun, resolve: tell } = Promise.withResolvers<void>()
    const holding = one.define(async () => {
      tell()
      await goOn
    })
    await begun
    await assert.rejects(
      impatient.define(async () => {}),
      DatabaseBusy,
    )
    letGo()
    await holding
  })

  test('that cannot be made say so', async () => {
    const nobody = new URL(service.url)
    nobody.username = 'nobody_at_all'
    nobody.password = 'wrong'
    const nowhere = new URL(service.url)
    nowhere.pathname = '/no_such_database'
    const closed = `mariadb://root@127.0.0.1:${await freePort()}/shop`
    for (const url of [nobody.href, nowhere.href, closed]) {
      await assert.rejects(
        openMariadb(parseMariadbURL(url), { ...POOL, waitMs: 1000 }),
        DatabaseUnavailable,
      )
    }
  })
})
