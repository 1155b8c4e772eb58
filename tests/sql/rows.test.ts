import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { CheckViolation, DataError, NotNullViolation } from '../../src/sql/errors.ts'
import {
  deleteRow,
  deleteRows,
  getRow,
  insertRow,
  updateRow,
  updateRows,
} from '../../src/sql/rows.ts'
import { newSession, openThings } from './fixtures.ts'

suite('rows', () => {
  test('come back as they were written', async () => {
    await using opened = await openThings()
    const session = newSession(opened.driver)
    const well = fc
      .string({ unit: 'binary', maxLength: 10 })
      .filter((each) => each.isWellFormed() && !each.includes('\0'))
    const values = fc.record({
      name: well,
      note: fc.option(well),
      size: fc.option(fc.maxSafeInteger()),
      weight: fc.double({ noNaN: true, noDefaultInfinity: true }),
      is_red: fc.boolean(),
      day: fc.constantFrom('0001-01-01', '2024-02-29', '9999-12-31', null),
      made_at: fc.date({
        min: new Date('0001-01-01T00:00:00Z'),
        max: new Date('9999-12-31T23:59:59.999Z'),
        noInvalidDate: true,
      }),
    })
    const property = fc.asyncProperty(values, async (given) => {
      const row = await insertRow(session, opened.table, given)
      const { id, kind, changed_at, ...rest } = row
      // SQLite has one zero.
      const weight = given.weight + 0 === 0 ? 0 : given.weight
      assert.deepEqual({ ...rest, weight: rest.weight + 0 }, { ...given, weight })
      assert.equal(kind, 'small')
      assert.ok(changed_at instanceof Date)
      assert.deepEqual(await getRow(session, opened.table, id), row)
    })
    await fc.assert(property, { numRuns: 200 })
    await session.rollback()
  })

  test('take defaults at the time of the insert, and change what changes with every update', async () => {
    await using opened = await openThings()
    const session = newSession(opened.driver)
    const row = await insertRow(session, opened.table, { name: 'a', note: undefined })
    assert.equal(row.note, null)
    assert.equal(row.made_at.getTime(), row.changed_at.getTime())
    const at = new Date('2020-01-01')
    await updateRow(session, opened.table, row.id, { changed_at: at })
    assert.deepEqual((await getRow(session, opened.table, row.id))?.changed_at, at)
    const empty = await updateRow(session, opened.table, row.id, { name: undefined })
    assert.deepEqual(empty?.changed_at, at)
    const changed = await updateRow(session, opened.table, row.id, { size: 3, note: null })
    assert.equal(changed?.size, 3)
    assert.ok(changed.changed_at > at)
    assert.equal(await updateRow(session, opened.table, 99, { size: 3 }), undefined)
    await session.rollback()
  })

  test('are changed and deleted together', async () => {
    await using opened = await openThings()
    const session = newSession(opened.driver)
    const { table } = opened
    for (const size of [1, 2, 3, 4]) await insertRow(session, table, { name: `n${size}`, size })
    assert.equal(await updateRows(session, table, { size: { gt: 2 } }, { note: 'x' }), 2)
    assert.equal(await deleteRows(session, table, { note: 'x', size: 4 }), 1)
    assert.equal(await deleteRow(session, table, 1), true)
    assert.equal(await deleteRow(session, table, 1), false)
    assert.equal(await deleteRows(session, table, { id: [] }), 0)
    await assert.rejects(updateRows(session, table, {}, {}), /nothing to set/)
    assert.equal(await deleteRows(session, table, {}), 2)
    await session.rollback()
  })

  test('that the column cannot hold are typed errors', async () => {
    await using opened = await openThings()
    const session = newSession(opened.driver)
    const refuses = (values: object, error: object) =>
      assert.rejects(insertRow(session, opened.table, { name: 'a', ...values }), error)
    await refuses({ name: 'a\0' }, DataError)
    await refuses({ name: '\udc00' }, DataError)
    await refuses({ name: 5 }, { name: 'DataError', column: 'name' })
    await refuses({ name: null }, NotNullViolation)
    await refuses({ name: undefined }, { name: 'NotNullViolation', column: 'name' })
    await refuses({ name: 'x'.repeat(21) }, { name: 'CheckViolation', column: 'name' })
    await refuses({ kind: 'huge' }, CheckViolation)
    await refuses({ size: 2 ** 53 }, DataError)
    await refuses({ size: 1.5 }, DataError)
    await refuses({ weight: Number.NaN }, DataError)
    await refuses({ weight: Number.POSITIVE_INFINITY }, DataError)
    await refuses({ is_red: 1 }, DataError)
    await refuses({ day: '2026-02-30' }, DataError)
    await refuses({ day: '0000-01-01' }, DataError)
    await refuses({ made_at: new Date(Number.NaN) }, DataError)
    await refuses({ made_at: new Date(8.64e15) }, DataError)
    await refuses({ nme: 'a' }, /no column "nme"/)
    // Astral characters count once, as in the schema.
    await insertRow(session, opened.table, { name: '😀'.repeat(20) })
    await session.rollback()
  })
})
