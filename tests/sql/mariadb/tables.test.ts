import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import {
  binary,
  enumeration,
  id,
  integer,
  newUuid,
  string,
  text,
  uuid,
} from '../../../src/sql/columns.ts'
import { DatabaseBusy, UniqueViolation } from '../../../src/sql/errors.ts'
import { statesOf } from '../../../src/sql/ddl/state_of.ts'
import { insertRows } from '../../../src/sql/insert_many.ts'
import { model } from '../../../src/sql/model.ts'
import { deleteRow, getRow, insertRow, updateRow } from '../../../src/sql/rows.ts'
import { Tables } from '../../../src/sql/tables.ts'
import { upsertRow } from '../../../src/sql/upsert.ts'
import { createTables, newSession, open, reading, service } from './fixtures.ts'

const Page = model(
  'pages',
  {
    id: id(),
    note: text().nullable().unique(),
    long: string(5000),
    tag: string(600),
    kind: enumeration(['a', 'bb']),
    size: integer().default(0),
    bytes: binary().nullable(),
  },
  {
    unique: [['long', 'tag', 'kind']],
    indexes: [
      { columns: ['note', '-size'] },
      { columns: ['tag', 'long', 'bytes'] },
      { columns: ['kind'], unique: true, where: 'size > 100', name: 'one_big_of_a_kind' },
    ],
  },
)
const page = { long: 'l', tag: 't', kind: 'a' } as const

suite('tables on MariaDB', { skip: service.skip }, () => {
  test('are unique by text of any length, trailing spaces and case included', async () => {
    await using driver = await open()
    await createTables(driver, [Page])
    const table = new Tables(driver.dialect, new Map()).of(Page)
    const session = newSession(driver)
    const note = 'ü'.repeat(100_000)
    await insertRow(session, table, { ...page, note })
    const refuses = (values: object, columns: string[]) =>
      assert.rejects(
        insertRow(session, table, { ...page, tag: newUuid(new Date()), ...values }),
        (error) =>
          error instanceof UniqueViolation &&
          error.table === 'pages' &&
          error.columns.join() === columns.join(),
      )
    await refuses({ note }, ['note'])
    await refuses({ tag: 't' }, ['long', 'tag', 'kind'])
    for (const differs of [`${note} `, `${note}ü`, note.toUpperCase(), null, null]) {
      await insertRow(session, table, { ...page, tag: newUuid(new Date()), note: differs })
    }
    await insertRow(session, table, { ...page, tag: 'big', size: 101 })
    await refuses({ size: 102 }, ['kind'])
    await insertRow(session, table, { ...page, tag: 'bb', kind: 'bb', size: 102 })
    await session.rollback()
  })

  test('let one of many win that insert the same long text at once', async () => {
    await using driver = await open('pool_max=10', 5000)
    await createTables(driver, [Page])
    const table = new Tables(driver.dialect, new Map()).of(Page)
    const insert = async (tag: string) => {
      const session = newSession(driver)
      try {
        await insertRow(session, table, { ...page, tag, note: 'x'.repeat(2000) })
        await session.commit()
      } catch (error) {
        await session.rollback()
        throw error
      }
    }
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) => insert(String(i))),
    )
    const reasons = results.flatMap((result) =>
      result.status === 'rejected' ? [result.reason] : [],
    )
    assert.equal(reasons.length, 19)
    assert.ok(
      reasons.every((each) => each instanceof UniqueViolation || each instanceof DatabaseBusy),
    )
    const rows = await driver.reader.execute(reading('select count(*) from pages'), [])
    assert.deepEqual(rows, [[1]])
  })

  test('are refused where a key would be too long, or a collation in the way', async () => {
    await using driver = await open()
    const create = (made: typeof Page | ReturnType<typeof model>) =>
      driver.dialect.createTables(statesOf([made]))
    assert.throws(() => create(model('a', { key: string(769).primary() })), /too long for MariaDB/)
    const collation = { sqlite: 'NOCASE', postgresql: 'und-x-icu', mariadb: 'utf8mb4_general_ci' }
    assert.throws(
      () => create(model('a', { id: id(), note: text().collate(collation).unique() })),
      /"note" has a collation/,
    )
    const Named = model('named', {
      id: id(),
      name: string(768).collate(collation).unique(),
      comment: text().collate(collation).index(),
    })
    await createTables(driver, [Named])
    const table = new Tables(driver.dialect, new Map()).of(Named)
    const session = newSession(driver)
    await insertRow(session, table, { name: 'Anna', comment: 'a' })
    await assert.rejects(insertRow(session, table, { name: 'ANNA', comment: 'a' }), UniqueViolation)
    await session.rollback()
  })

  test('are written and read where the server does not answer rows, as MySQL', async () => {
    await using driver = await open()
    const Numbered = model('numbered', { id: id(), name: string(20).unique() })
    const Keyed = model('keyed', { key: uuid().primary().default(newUuid), size: integer() })
    const Pair = model('pair', { a: integer().primary(), b: string(9).primary(), n: integer() })
    const Empty = model('empty', { id: id() })
    const models = [Numbered, Keyed, Pair, Empty]
    await createTables(driver, models)
    const { dialect } = driver
    const without = {
      ...dialect,
      features: { ...dialect.features, returning: { insert: false, update: false } },
    }
    const tables = new Tables(without, new Map(), models, statesOf(models))
    const session = newSession(driver)
    const numbered = tables.of(Numbered)
    const first = await insertRow(session, numbered, { name: 'a' })
    assert.deepEqual(first, { id: 1, name: 'a' })
    assert.deepEqual(await insertRow(session, numbered, { id: 7, name: 'b' }), { id: 7, name: 'b' })
    const many = await insertRows(session, numbered, [{ name: 'c' }, { name: 'd' }])
    assert.deepEqual(
      many.map((row) => row.id),
      [8, 9],
    )
    assert.deepEqual(await updateRow(session, numbered, 1, { name: 'z' }), { id: 1, name: 'z' })
    assert.deepEqual(await updateRow(session, numbered, 1, { name: 'z' }), { id: 1, name: 'z' })
    assert.equal(await updateRow(session, numbered, 99, { name: 'y' }), undefined)
    const upserted = await upsertRow(session, numbered, { name: 'z' }, { on: ['name'] })
    assert.deepEqual(upserted, { id: 1, name: 'z' })
    const keyed = await insertRow(session, tables.of(Keyed), { size: 1 })
    assert.deepEqual(await getRow(session, tables.of(Keyed), keyed.key), keyed)
    const pair = { a: 1, b: 'x', n: 2 }
    assert.deepEqual(await insertRow(session, tables.of(Pair), pair), pair)
    assert.deepEqual(await upsertRow(session, tables.of(Pair), { ...pair, n: 3 }), {
      ...pair,
      n: 3,
    })
    assert.deepEqual(await insertRow(session, tables.of(Empty), {}), { id: 1 })
    assert.deepEqual(await insertRow(session, tables.of(Empty), {}), { id: 2 })
    assert.equal(await deleteRow(session, tables.of(Empty), 2), true)
    await session.rollback()
  })
})
