import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { z } from 'zod'
import { compileDump } from '../../../src/schema/dump.ts'
import { quote } from '../../../src/schema/dump/json_text.ts'

/** A schema, and a value that fits it. */
interface Pair {
  schema: z.ZodType
  value: unknown
}

const ISODate = z.codec(z.iso.datetime(), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
})

const text = fc.string({ unit: 'binary' })
const key = fc
  .oneof(text, fc.constantFrom('constructor', 'toString', '\u2028', '\ud800', 'a"b', '0', ''))
  .filter((name) => name !== '__proto__')
const date = fc.date({
  noInvalidDate: true,
  min: new Date('0001-01-01'),
  max: new Date('9999-12-31'),
})

const leaf: fc.Arbitrary<Pair> = fc.oneof(
  text.map((value) => ({ schema: z.string(), value })),
  fc.maxSafeInteger().map((value) => ({ schema: z.int(), value })),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .map((value) => ({ schema: z.number(), value })),
  fc.boolean().map((value) => ({ schema: z.boolean(), value })),
  fc.constant({ schema: z.null(), value: null }),
  date.map((value) => ({ schema: ISODate, value })),
  text.map((value) => ({ schema: z.enum([value, 'other']), value })),
  text.map((value) => ({ schema: z.literal([1, value, null]), value })),
  fc.jsonValue().map((value) => ({ schema: z.unknown(), value })),
)

const { pair } = fc.letrec<{ pair: Pair }>((tie) => ({
  pair: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc
      .tuple(
        fc.uniqueArray(fc.tuple(key, tie('pair')), { selector: ([name]) => name }),
        fc.dictionary(key, fc.anything()),
      )
      .map(([members, extra]) => ({
        schema: z.object(Object.fromEntries(members.map(([name, { schema }]) => [name, schema]))),
        value: {
          ...extra,
          ...Object.fromEntries(members.map(([name, { value }]) => [name, value])),
        },
      })),
    fc
      .tuple(tie('pair'), fc.nat(3))
      .map(([{ schema, value }, n]) => ({ schema: z.array(schema), value: Array(n).fill(value) })),
    fc.tuple(tie('pair'), fc.array(key)).map(([{ schema, value }, keys]) => ({
      schema: z.record(z.string(), schema),
      value: Object.fromEntries(keys.map((name) => [name, value])),
    })),
    fc.array(tie('pair'), { minLength: 1, maxLength: 3 }).map((pairs) => ({
      schema: z.tuple(pairs.map(({ schema }) => schema) as [z.ZodType]),
      value: pairs.map(({ value }) => value),
    })),
    tie('pair').map(({ schema, value }) => ({ schema: z.union([schema, z.bigint()]), value })),
    tie('pair').map(({ schema }) => ({ schema: schema.nullable(), value: null })),
    tie('pair').map(({ schema, value }) => ({ schema: z.lazy(() => schema.nullish()), value })),
  ),
}))

const member = pair.map(({ schema, value }) => ({
  schema: z.object({ a: schema.optional(), b: schema }),
  value: { b: value },
}))

test('any value is written as JSON.stringify writes what zod encodes', () => {
  fc.assert(
    fc.property(fc.oneof(pair, member), ({ schema, value }) => {
      const written = compileDump(schema).toJSON(value)
      assert.equal(written, JSON.stringify(z.encode(schema, value)))
    }),
    { numRuns: 200 },
  )
})

test('any value is written or refused, never something else', () => {
  fc.assert(
    fc.property(
      pair,
      fc.anything({
        withBigInt: true,
        withDate: true,
        withMap: true,
        withNullPrototype: true,
        withSparseArray: true,
      }),
      ({ schema }, value) => {
        try {
          JSON.parse(compileDump(schema).toJSON(value))
        } catch (error) {
          assert.equal((error as Error).name, 'DumpError')
        }
      },
    ),
    { numRuns: 200 },
  )
})

test('strings are escaped as JSON.stringify escapes them', () => {
  const units = fc.oneof(
    fc.constantFrom(
      '"',
      '\\',
      '\n',
      '\u0000',
      '\u001f',
      '\u2028',
      '\u2029',
      '\ud83d',
      '\ude00',
      '😀',
      '\u007f',
    ),
    fc.string({ unit: 'binary', maxLength: 30 }),
  )
  fc.assert(
    fc.property(fc.array(units, { maxLength: 12 }), fc.constantFrom(1, 400), (parts, times) => {
      const string = parts.join('').repeat(times)
      assert.equal(quote(string), JSON.stringify(string))
    }),
  )
})
