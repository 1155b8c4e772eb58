import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { z } from 'zod'
import { compileDump } from '../../../src/schema/dump.ts'
import { toPathText } from '../../../src/schema/dump/dump_error.ts'

suite('a value that does not fit', () => {
  const Row = z.object({ price: z.number(), tag: z.enum(['a', 'b']).optional() })
  const cases: [string, z.ZodType, unknown, string][] = [
    [
      'in a list',
      z.object({ data: z.array(Row) }),
      { data: [{ price: 1 }, { price: 'x' }] },
      'data[1].price: expected a finite number, got a string.',
    ],
    ['NaN', z.number(), NaN, 'the value: expected a finite number, got NaN.'],
    ['Infinity', z.number(), Infinity, 'the value: expected a finite number, got Infinity.'],
    ['a fraction', z.int(), 1.5, 'the value: expected an integer, got 1.5.'],
    [
      'an unsafe integer',
      z.number().int(),
      2 ** 53,
      'the value: expected an integer, got 9007199254740992.',
    ],
    ['missing', Row, {}, 'price: expected a finite number, got nothing.'],
    ['missing altogether', Row, undefined, 'the value: expected an object, got nothing.'],
    ['null', Row, { price: null }, 'price: expected a finite number, got null.'],
    [
      'not in the enum, without its text',
      Row,
      { price: 1, tag: 'secret' },
      'tag: expected one of "a", "b", got a string.',
    ],
    [
      'wrong for a nullable',
      z.string().nullable(),
      3,
      'the value: expected a string or null, got 3.',
    ],
    ['a list for an object', z.object({}), [], 'the value: expected an object, got a list.'],
    [
      'a Promise',
      z.array(z.int()),
      Promise.resolve([]),
      'the value: expected a list, got a Promise (is an await missing?).',
    ],
    [
      'an invalid Date',
      z.date(),
      new Date(NaN),
      'the value: expected a valid Date, got an invalid Date.',
    ],
    [
      'an invalid Date for a codec',
      z.codec(z.string(), z.date(), { decode: () => new Date(), encode: String }),
      new Date(NaN),
      'the value: expected a Date, got an invalid Date.',
    ],
    [
      'a class instance for a record',
      z.record(z.string(), z.int()),
      new Map(),
      'the value: expected a plain object, got a Map.',
    ],
    [
      'in a record',
      z.record(z.string(), z.int()),
      { 'a b': 'x' },
      '["a b"]: expected an integer, got a string.',
    ],
    ['in a tuple', z.tuple([z.int(), z.int()]), [1, true], '[1]: expected an integer, got true.'],
    [
      'too long for a tuple',
      z.tuple([z.int()]),
      [1, 2],
      'the value: expected a list of at most 1, got a list.',
    ],
    ['too short for a tuple', z.tuple([z.int()]), [], '[0]: expected an integer, got nothing.'],
    ['in a set', z.set(z.int()), new Set([1, 'x']), '[1]: expected an integer, got a string.'],
    [
      'no option of a union',
      z.union([z.string(), z.int()]),
      true,
      'the value: expected a string or an integer, got true.',
    ],
    [
      'deep in an option',
      z.union([z.null(), z.object({ a: Row }), z.string()]),
      { a: {} },
      'a.price: expected a finite number, got nothing.',
    ],
    ['nothing for never', z.object({ a: z.never() }), { a: 1 }, 'a: expected no value, got 1.'],
    ['a function for any', z.any(), () => 1, 'the value: expected a JSON value, got a function.'],
    [
      'a bigint in any',
      z.object({ a: z.any() }),
      { a: [1n] },
      'a: expected a JSON value, got a list.',
    ],
    [
      'nonoptional',
      z.object({ a: z.int().optional().nonoptional() }),
      {},
      'a: expected an integer, got nothing.',
    ],
    [
      'missing in a record with listed keys',
      z.record(z.enum(['a']), z.int()),
      {},
      'a: expected an integer, got nothing.',
    ],
  ]
  for (const [name, schema, value, message] of cases) {
    test(name, () => {
      const dumper = compileDump(schema, { label: 'GET /rows' })
      assert.throws(() => dumper.toJSON(value), {
        name: 'DumpError',
        message: `GET /rows: ${message}`,
      })
      assert.throws(() => dumper.toValue(value), { name: 'DumpError' })
    })
  }

  test('has its path as data', () => {
    const dumper = compileDump(z.array(z.object({ a: z.int() })))
    assert.throws(() => dumper.toJSON([{ a: 1 }, {}]), { path: [1, 'a'] })
  })

  test('does not hide what user code throws', () => {
    const row = {
      get price(): number {
        throw new TypeError('mine')
      },
    }
    assert.throws(() => compileDump(Row).toJSON(row), { name: 'TypeError', message: 'mine' })
  })

  test('leaves the dumper fit for the next value', () => {
    const dumper = compileDump(Row)
    assert.throws(() => dumper.toJSON({}))
    assert.equal(dumper.toJSON({ price: 2 }), '{"price":2}')
  })
})

suite('a schema that cannot be written', () => {
  const ONE_WAY =
    'a transform works one way only, from the client. Use z.codec(), or compute the value in the handler.'
  const cases: [string, z.ZodType, string][] = [
    ['transform', z.object({ data: z.array(z.string().transform(Number)) }), `data[]: ${ONE_WAY}`],
    ['preprocess', z.object({ a: z.preprocess(Number, z.int()) }), `a: ${ONE_WAY}`],
    ['bare transform', z.transform(String), `the schema: ${ONE_WAY}`],
    [
      'map',
      z.object({ a: z.map(z.string(), z.int()) }),
      'a: a schema of kind "map" has no JSON form.',
    ],
    ['nan', z.nan(), 'the schema: a schema of kind "nan" has no JSON form.'],
    ['file', z.file(), 'the schema: a schema of kind "file" has no JSON form.'],
    ['promise', z.promise(z.int()), 'the schema: a schema of kind "promise" has no JSON form.'],
    ['symbol', z.symbol(), 'the schema: a schema of kind "symbol" has no JSON form.'],
    [
      'instanceof',
      z.instanceof(URL),
      'the schema: a schema of kind "custom" has no JSON form. Use z.codec() around it, or a schema of JSON.',
    ],
    [
      'loose record',
      z.looseRecord(z.string().regex(/a/), z.int()),
      'the schema: z.looseRecord() needs a list of keys here. Use z.record().',
    ],
  ]
  for (const [name, schema, message] of cases) {
    test(name, () => {
      assert.throws(() => compileDump(schema, { label: 'GET /' }), {
        name: 'TypeError',
        message: `GET /: ${message}`,
      })
    })
  }
})

test('paths are written as programs write them', () => {
  assert.equal(toPathText(['data', 3, 'price']), 'data[3].price')
  assert.equal(toPathText(['a b', 'c', 0]), '["a b"].c[0]')
  assert.equal(toPathText([]), '')
  assert.ok(toPathText(['x'.repeat(1000), 'y']).length < 80)
})
