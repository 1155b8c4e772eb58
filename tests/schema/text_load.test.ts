import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { z } from 'zod'
import { parseQuery } from '../../src/lib/urlencoded.ts'
import type { LoadOptions } from '../../src/schema/load.ts'
import { compileTextLoad, type RawFields, type TextSource } from '../../src/schema/text_load.ts'

type Given = string | RawFields

function loaded(
  schema: z.ZodType,
  given: Given,
  source: TextSource = 'query',
  options?: LoadOptions,
) {
  const raw = typeof given === 'string' ? parseQuery(given) : given
  const result = compileTextLoad(schema, source, options)(raw)
  assert.ok(!(result instanceof Promise))
  return result.ok ? result.value : { errors: result.errors }
}

const refused = (field: string, ...messages: string[]) => ({ errors: { [field]: messages } })

suite('text becomes what the schema wants', () => {
  for (const [name, schema, query, expected] of [
    ['a string', z.string(), 'f=', ''],
    ['a string of digits', z.string(), 'f=42', '42'],
    ['an integer', z.int(), 'f=%20-1_000', -1000],
    ['an integer given as number()', z.number().int(), 'f=007', 7],
    ['a number', z.number(), 'f=1.5e1', 15],
    ['a big integer', z.bigint(), 'f=123456789012345678901', 123_456_789_012_345_678_901n],
    ['a boolean', z.boolean(), 'f=Yes', true],
    ['a date', z.date(), 'f=2026-01-31T10:00Z', new Date('2026-01-31T10:00Z')],
    ['an ISO date stays text', z.iso.date(), 'f=2026-01-31', '2026-01-31'],
    ['an enum', z.enum(['a', 'b']), 'f=b', 'b'],
    ['an enum of numbers', z.enum({ Low: 1, High: 2 }), 'f=2', 2],
    ['a literal', z.literal(['x', 1, true]), 'f=1', 1],
    ['a literal among several kinds', z.literal(['x', 2, true]), 'f=on', true],
    ['the first member that can read it', z.union([z.literal('all'), z.int()]), 'f=5', 5],
    ['the member that it equals', z.union([z.literal('all'), z.int()]), 'f=all', 'all'],
    ['a string before a number', z.union([z.string(), z.int()]), 'f=5', '5'],
    ['a number before a string', z.union([z.int(), z.string()]), 'f=x', 'x'],
    ['a string with a format before a number', z.union([z.uuid(), z.int()]), 'f=5', 5],
    ['a list', z.array(z.int()), 'f=1&f=2', [1, 2]],
    ['a list of one', z.array(z.string()), 'f=1', ['1']],
    ['a tuple', z.tuple([z.int(), z.boolean()], z.string()), 'f=1&f=on&f=x', [1, true, 'x']],
    ['a set', z.set(z.int()), 'f=1&f=2&f=1', new Set([1, 2])],
    ['one or several: one', z.union([z.int(), z.array(z.int())]), 'f=1', 1],
    ['one or several: several', z.union([z.int(), z.array(z.int())]), 'f=1&f=2', [1, 2]],
    ['only lists to choose from', z.union([z.array(z.int()), z.tuple([z.string()])]), 'f=1', [1]],
    ['the first of several', z.int(), 'f=1&f=x', 1],
    ['through wrappers', z.int().optional().nullable().default(1).readonly(), 'f=5', 5],
    ['through a pipe', z.int().transform((n) => n * 2), 'f=5', 10],
    ['through a lazy schema', z.lazy(() => z.int()), 'f=5', 5],
    ['not before a preprocess', z.preprocess((v) => Number(v) + 1, z.int()), 'f=5', 6],
    ['a default', z.int().default(20), '', 20],
    ['a catch', z.int().catch(20), 'f=abc', 20],
    ['a catch of nothing', z.int().catch(20), 'f=', 20],
    ['a catch when the first is bad', z.int().catch(20), 'f=x&f=5', 20],
    ['a coercing boolean', z.coerce.boolean(), 'f=false', false],
  ] as const) {
    test(name, () => assert.deepEqual(loaded(z.object({ f: schema }), query), { f: expected }))
  }

  for (const [name, schema, query, message] of [
    ['an empty integer', z.int(), 'f=', 'Not a valid integer.'],
    ['a fraction', z.int(), 'f=5.5', 'Not a valid integer.'],
    ['an integer that would be rounded', z.int(), 'f=9007199254740993', 'Not a valid integer.'],
    ['an infinite number', z.number(), 'f=1e400', 'Not a valid number.'],
    ['a hexadecimal number', z.number(), 'f=0x10', 'Not a valid number.'],
    ['an empty number that may be null', z.number().nullable(), 'f=', 'Not a valid number.'],
    ['an empty coerced number', z.coerce.number(), 'f=', 'Not a valid number.'],
    ['an empty boolean', z.boolean().optional(), 'f=', 'Not a valid boolean.'],
    ['another boolean', z.boolean(), 'f=2', 'Not a valid boolean.'],
    ['a number for a date', z.date(), 'f=1', 'Not a valid date.'],
    ['a day that is not', z.date(), 'f=2026-02-30', 'Not a valid date.'],
    ['another choice', z.literal([1, 2]), 'f=3', 'Must be one of: 1, 2.'],
    ['a bad first of several', z.int(), 'f=x&f=1', 'Not a valid integer.'],
    ['an object', z.object({}), 'f=%7B%7D', 'Not a valid mapping type.'],
    ['a missing list', z.array(z.int()), '', 'Missing data for required field.'],
  ] as const) {
    test(`refuses ${name}`, () => {
      assert.deepEqual(loaded(z.object({ f: schema }), query), refused('f', message))
    })
  }

  test('a bad item is named', () => {
    assert.deepEqual(loaded(z.object({ f: z.array(z.int()) }), 'f=1&f=x'), {
      errors: { f: { 1: ['Not a valid integer.'] } },
    })
  })

  test('any number, date or boolean comes back as it was', () => {
    const schema = z.object({
      n: z.number(),
      i: z.int(),
      b: z.boolean(),
      d: z.date(),
      s: z.string(),
    })
    const values = fc.record({
      n: fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
      i: fc.maxSafeInteger(),
      b: fc.boolean(),
      d: fc.date({ min: new Date(0), max: new Date('9999-01-01'), noInvalidDate: true }),
      s: fc.string({ unit: 'grapheme' }),
    })
    fc.assert(
      fc.property(values, (value) => {
        const text = new URLSearchParams({
          ...value,
          d: value.d.toISOString(),
          n: `${value.n}`,
          i: `${value.i}`,
          b: `${value.b}`,
        })
        assert.deepEqual(loaded(schema, text.toString()), { ...value })
      }),
    )
  })
})

suite('fields that the schema does not name', () => {
  const schema = z.object({ a: z.int() })

  test('are ignored in a query, refused in a form, unless it says otherwise', () => {
    assert.deepEqual(loaded(schema, 'a=1&b=2&__proto__=3'), { a: 1 })
    assert.deepEqual(loaded(schema, 'a=1&b=2', 'form'), refused('b', 'Unknown field.'))
    assert.deepEqual(loaded(schema, 'a=1&b=2', 'form', { unknown: 'exclude' }), { a: 1 })
    assert.deepEqual(
      loaded(schema, 'a=1&b=2', 'query', { unknown: 'refuse' }),
      refused('b', 'Unknown field.'),
    )
    assert.deepEqual(
      loaded(z.strictObject({ a: z.int() }), 'a=1&b=2'),
      refused('b', 'Unknown field.'),
    )
    assert.deepEqual(loaded(z.looseObject({ a: z.int() }), 'a=1&b=2&b=3'), { a: 1, b: ['2', '3'] })
    assert.deepEqual(loaded(z.object({ a: z.int() }).catchall(z.int()), 'a=1&b=2'), { a: 1, b: 2 })
    assert.deepEqual(loaded(z.record(z.string(), z.int()), 'a=1&b=2'), { a: 1, b: 2 })
  })

  test('are no reason to refuse headers or cookies', () => {
    const strict = z.strictObject({ a: z.int() })
    assert.deepEqual(loaded(strict, { a: '1', host: 'x' }, 'headers'), { a: 1 })
    assert.deepEqual(loaded(strict, { a: '1', b: '2' }, 'cookies'), { a: 1 })
  })

  test('are not found on the prototype', () => {
    const inherited = z.object({
      constructor: z.string().optional(),
      toString: z.string().default('x'),
    })
    assert.deepEqual(loaded(inherited, ''), { toString: 'x' })
    assert.deepEqual(loaded(inherited, {}, 'headers'), { toString: 'x' })
    assert.deepEqual(loaded(inherited, 'constructor=1&toString=2'), {
      constructor: '1',
      toString: '2',
    })
  })
})

suite('sources', () => {
  test('a header matches whatever its case, and may be a list', () => {
    const schema = z.object({
      'X-Api-Key': z.string(),
      'x-n': z.int(),
      Accept: z.array(z.string()),
    })
    const headers = { 'x-api-key': 'k', 'x-n': '5', accept: 'text/html,, text/plain ' }
    assert.deepEqual(loaded(schema, headers, 'headers'), {
      'X-Api-Key': 'k',
      'x-n': 5,
      Accept: ['text/html', 'text/plain'],
    })
  })

  test('files of a form stay files', () => {
    const file = { filename: 'a.txt' }
    const schema = z.object({ n: z.int(), file: z.any(), files: z.array(z.any()) })
    const value = loaded(schema, { n: '5', file, files: file }, 'form')
    assert.deepEqual(value, { n: 5, file, files: [file] })
  })

  test('the object may be wrapped, refined, joined or chosen', () => {
    const A = z.object({ a: z.int() })
    const B = z.object({ b: z.boolean() })
    assert.deepEqual(
      loaded(
        A.refine(({ a }) => a > 5, 'Small.'),
        'a=5',
      ),
      refused('_schema', 'Small.'),
    )
    assert.deepEqual(
      loaded(
        A.transform(({ a }) => ({ half: a / 2 })),
        'a=4',
      ),
      { half: 2 },
    )
    assert.deepEqual(
      loaded(
        z.preprocess((v) => v, A),
        'a=4',
      ),
      { a: 4 },
    )
    assert.deepEqual(loaded(A.and(B), 'a=5&b=on'), { a: 5, b: true })
    const union = z.discriminatedUnion('k', [
      A.extend({ k: z.literal('a') }),
      B.extend({ k: z.literal(2) }),
    ])
    assert.deepEqual(loaded(union, 'k=a&a=1'), { k: 'a', a: 1 })
    assert.deepEqual(loaded(union, 'k=2&b=no'), { k: 2, b: false })
  })

  test('what is no object is a mistake found at once', () => {
    assert.throws(() => compileTextLoad(z.string(), 'query'), TypeError)
  })
})
