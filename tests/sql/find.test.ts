import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { type Condition, Compound, and, not, or } from '../../src/sql/condition.ts'
import { DataError } from '../../src/sql/errors.ts'
import { Find } from '../../src/sql/find.ts'
import type { Columns, Insert, Row } from '../../src/sql/model.ts'
import { insertRow } from '../../src/sql/rows.ts'
import { newSession, openThings, Thing } from './fixtures.ts'

type Thing = Row<typeof Thing>
type Where = Condition<typeof Thing.columns>

/** What SQL says of a row: true, false, or neither where null is compared. */
function holds(condition: Condition<Columns>, row: Thing): boolean | null {
  if (condition instanceof Compound) {
    const parts = condition.parts.map((part) => holds(part, row))
    if (condition.join === 'not') return parts[0] === null ? null : !parts[0]
    return condition.join === 'and' ? allOf(parts) : anyOf(parts)
  }
  return allOf(
    Object.entries(condition).map(([name, match]) => {
      const value: unknown = Reflect.get(row, name)
      if (match === null) return value === null
      if (Array.isArray(match)) return compare('in', value, match)
      if (typeof match !== 'object' || match instanceof Date) return compare('eq', value, match)
      return allOf(Object.entries(match).map(([each, operand]) => compare(each, value, operand)))
    }),
  )
}

function allOf(parts: (boolean | null)[]): boolean | null {
  return parts.includes(false) ? false : parts.includes(null) ? null : true
}

function anyOf(parts: (boolean | null)[]): boolean | null {
  return parts.includes(true) ? true : parts.includes(null) ? null : false
}

function compare(operator: string, value: unknown, operand: unknown): boolean | null {
  if (operator === 'isNull') return (value === null) === operand
  if (operand === null) return operator === 'eq' ? value === null : value !== null
  if (Array.isArray(operand)) {
    if (operand.length === 0) return operator === 'notIn'
    if (value === null) return null
    const isIn = operand.some((each) => order(each, value) === 0)
    return operator === 'in' ? isIn : !isIn
  }
  if (value === null) return null
  const text = textOf(value)
  const sign = order(value, operand)
  switch (operator) {
    case 'eq':
      return sign === 0
    case 'ne':
      return sign !== 0
    case 'gt':
      return sign > 0
    case 'gte':
      return sign >= 0
    case 'lt':
      return sign < 0
    case 'lte':
      return sign <= 0
    case 'contains':
      return text.includes(textOf(operand))
    case 'startsWith':
      return text.startsWith(textOf(operand))
    default:
      return likeRegExp(textOf(operand)).test(text)
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function likeRegExp(pattern: string): RegExp {
  const source = Array.from(pattern, (c) =>
    c === '%' ? '.*' : c === '_' ? '.' : c.replace(/[*?.[\]\\]/, '\\$&'),
  )
  return new RegExp(`^${source.join('')}$`, 'su')
}

/** Text by code point, as the database compares. */
function order(a: unknown, b: unknown): number {
  if (typeof a === 'string' && typeof b === 'string') {
    return Buffer.compare(Buffer.from(a), Buffer.from(b))
  }
  return Number(a) - Number(b)
}

const word = fc
  .array(fc.constantFrom('a', 'B', 'b', 'é', '😀', '*', '?', '[', ']', '%', '_', "'", '"', '\\'), {
    maxLength: 4,
  })
  .map((parts) => parts.join(''))
const size = fc.integer({ min: -3, max: 3 })
const time = fc.integer({ min: 0, max: 3 }).map((ms) => new Date(1_700_000_000_000 + ms))
const day = fc.constantFrom('2026-01-01', '2026-01-02', '2027-01-01')
const kind = fc.constantFrom('small', 'big')

function matches(value: fc.Arbitrary<unknown>, more: Record<string, fc.Arbitrary<unknown>> = {}) {
  const lists = fc.array(value, { maxLength: 5 })
  const comparisons = { eq: value, ne: value, gt: value, gte: value, lt: value, lte: value }
  const operators = fc
    .record(
      { ...comparisons, in: lists, notIn: lists, isNull: fc.boolean(), ...more },
      { requiredKeys: [] },
    )
    .filter((record) => Object.keys(record).length > 0)
  const all = Object.entries({ ...comparisons, in: lists, notIn: lists, ...more })
  const single = all.map(([operator, operand]) => fc.record({ [operator]: operand }))
  return fc.oneof(value, lists, operators, ...single)
}

const texts = { like: word, contains: word, startsWith: word }
const matched = {
  id: matches(fc.integer({ min: 0, max: 9 })),
  name: matches(word, texts),
  note: fc.oneof(fc.constant(null), matches(word, texts)),
  size: fc.oneof(fc.constant(null), fc.constant({ ne: null }), matches(size)),
  weight: matches(fc.constantFrom(0, 0.5, -1.25)),
  is_red: fc.boolean(),
  kind: matches(kind),
  day: matches(day),
  made_at: matches(time),
}
/** Mostly on one column, as many conditions at once find nothing. */
const where = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.oneof(
      ...Object.entries(matched).map(([name, match]) => fc.record({ [name]: match })),
    ),
  },
  { weight: 1, arbitrary: fc.record(matched, { requiredKeys: [] }) },
)
const { condition } = fc.letrec<{ condition: unknown }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small' },
    where,
    fc.array(tie('condition'), { maxLength: 3 }).map((parts) => and(...(parts as never[]))),
    fc.array(tie('condition'), { maxLength: 3 }).map((parts) => or(...(parts as never[]))),
    tie('condition').map((part) => not(part as never)),
  ),
}))
const columns = Object.keys(Thing.columns)
const orderBy = fc.uniqueArray(fc.constantFrom(...columns, ...columns.map((name) => `-${name}`)), {
  maxLength: 3,
})
const count = fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined })
const thing = fc.record({
  name: word,
  note: fc.option(word),
  size: fc.option(size),
  weight: fc.constantFrom(0, 0.5, -1.25),
  is_red: fc.boolean(),
  kind,
  day: fc.option(day),
  made_at: time,
  changed_at: time,
})

suite('find', () => {
  test('finds what a filter in memory finds, in its order, whatever was asked before', async () => {
    await using opened = await openThings()
    const session = newSession(opened.driver)
    const rows: Thing[] = []
    for (const values of fc.sample(thing, { numRuns: 20, seed: 7 })) {
      rows.push(await insertRow(session, opened.table, values as Insert<typeof Thing>))
    }
    await session.commit()
    const property = fc.asyncProperty(
      fc.array(condition, { maxLength: 2 }),
      orderBy,
      count,
      count,
      async (conditions, by, limit, offset) => {
        let query = new Find(opened.driver.reader, opened.table)
        for (const each of conditions) query = query.where(each as Where)
        if (by.length > 0) query = query.orderBy(...(by as 'id'[]), 'id')
        else query = query.orderBy('id')
        if (limit !== undefined) query = query.limit(limit)
        if (offset !== undefined) query = query.offset(offset)
        const expected = rows.filter((row) =>
          conditions.every((each) => holds(each as Condition<Columns>, row) === true),
        )
        expected.sort((a, b) => byColumns([...by, 'id'], a, b))
        const start = offset ?? 0
        const page = expected.slice(start, limit === undefined ? undefined : start + limit)
        assert.deepEqual(await query, page)
        assert.deepEqual(await query.first(), page[0])
        assert.equal(await query.count(), expected.length)
        assert.equal(await query.exists(), expected.length > 0)
      },
    )
    await fc.assert(property, { numRuns: 300 })
    assert.ok(opened.table.queries.size <= 500)
    assert.ok(opened.driver.statementCount <= 500)
  })

  test('finds what each operator says, for each value', async () => {
    await using opened = await openThings()
    const session = newSession(opened.driver)
    const names = ['', 'a', 'A', 'ab', 'aB', 'b%', 'b_', 'a*', 'a?', '[a]', 'é', '😀b', "'", '\\']
    for (const name of names) await insertRow(session, opened.table, { name })
    await session.commit()
    const all = new Find(opened.driver.reader, opened.table).orderBy('id')
    const agrees = async (match: object) => {
      const found = (await all.where({ name: match })).map(({ name }) => name)
      const expected = names.filter((name) => {
        return Object.entries(match).every(([operator, value]) => compare(operator, name, value))
      })
      assert.deepEqual(found, expected, JSON.stringify(match))
    }
    const operands = [...names, 'A%', 'a_', '_b', '%b', '%', '_', '%\\%', '[ab]%', '*', '?', '😀_']
    for (const operator of ['eq', 'ne', 'gt', 'lte', 'like', 'contains', 'startsWith']) {
      for (const operand of operands) await agrees({ [operator]: operand })
    }
    for (let length = 0; length <= 9; length++) {
      await agrees({ in: names.slice(0, length) })
      await agrees({ notIn: names.slice(0, length) })
    }
  })

  test('binds every value; text is never taken for SQL', async () => {
    await using opened = await openThings()
    const session = newSession(opened.driver)
    const name = `'); drop table x`
    await insertRow(session, opened.table, { name })
    await session.commit()
    const all = new Find(opened.driver.reader, opened.table)
    assert.equal(await all.where({ name }).count(), 1)
    assert.equal(await all.where({ name: `' or 1=1 --` }).count(), 0)
    assert.throws(() => all.limit(1.5), RangeError)
    assert.throws(() => all.limit(-1), RangeError)
    assert.throws(() => all.offset(Number.NaN), RangeError)
    await assert.rejects(all.orderBy('id; drop table things' as 'id').all(), /no column/)
  })

  test('refuses conditions that say nothing, or that no row of this kind can be asked for', async () => {
    await using opened = await openThings()
    const all = new Find(opened.driver.reader, opened.table)
    const refuses = async (asked: object, error: RegExp) =>
      assert.rejects(all.where(asked).all(), error)
    await refuses({ name: undefined }, /"name" is undefined/)
    await refuses({ name: {} }, /"name" is empty/)
    await refuses({ nme: 'a' }, /no column "nme".*mean "name"/)
    await refuses({ name: { equals: 'a' } }, /no operator "equals"/)
    await refuses({ constructor: 'a' }, /no column "constructor"/)
    await refuses({ size: { gt: null } }, /takes a value, not null/)
    await refuses({ id: Array.from({ length: 100_001 }, (_, i) => i) }, /at most 100000/)
    await refuses({ id: 'seven' }, /Not a valid integer/)
    await refuses({ id: [null] }, /Not a valid integer/)
    await assert.rejects(all.where({ name: '\ud800' }).all(), DataError)
    await assert.rejects(all.where({ name: { startsWith: 'x'.repeat(50_001) } }).all(), DataError)
    assert.equal(await all.where({ id: 2 ** 80 }).count(), 0)
    assert.equal(await all.where({ id: Array.from({ length: 10_000 }, (_, i) => i) }).count(), 0)
    assert.equal((await all.where(false).where(undefined)).length, 0)
  })
})

function byColumns(names: readonly string[], a: Thing, b: Thing): number {
  for (const name of names) {
    const key = name.replace('-', '')
    const sign = nullsFirst(Reflect.get(a, key), Reflect.get(b, key))
    if (sign !== 0) return name.startsWith('-') ? -sign : sign
  }
  return 0
}

function nullsFirst(a: unknown, b: unknown): number {
  if (a === null || b === null) return Number(b === null) - Number(a === null)
  return order(a, b)
}
