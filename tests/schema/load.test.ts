import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { compileLoad, load, type LoadOptions, ValidationError } from '../../src/schema/load.ts'
import { excludeUnknown } from '../../src/schema/unknown_members.ts'
import { z } from 'zod'

/** The errors of a load that must fail. */
function errorsOf(schema: z.ZodType, value: unknown, options?: LoadOptions): unknown {
  const loaded = compileLoad(schema, options)(value)
  assert.ok(!(loaded instanceof Promise) && !loaded.ok, 'was accepted')
  return loaded.errors
}

function valueOf(schema: z.ZodType, value: unknown, options?: LoadOptions): unknown {
  return load(schema, value, options)
}

const Task = z.object({
  title: z.string().min(1),
  status: z.enum(['pending', 'completed']).default('pending'),
  due: z.iso.date().nullable().optional(),
  tags: z.array(z.object({ name: z.string() })).optional(),
})

suite('compileLoad', () => {
  test('gives what the schema makes', () => {
    assert.deepEqual(valueOf(Task, { title: 'x' }), { title: 'x', status: 'pending' })
  })

  test('reports all that is wrong at once, with unknown members, at every level', () => {
    const errors = errorsOf(Task, { status: 'done', colour: 1, tags: [{ name: 'a' }, { nam: 1 }] })
    assert.deepEqual(errors, {
      title: ['Missing data for required field.'],
      status: ['Must be one of: pending, completed.'],
      tags: { 1: { name: ['Missing data for required field.'], nam: ['Unknown field.'] } },
      colour: ['Unknown field.'],
    })
  })

  for (const [name, value] of [
    ['a list', []],
    ['null', null],
    ['nothing', undefined],
    ['text', 'x'],
    ['a number', 1],
  ] as const) {
    test(`${name} is no object`, () => {
      assert.deepEqual(errorsOf(Task, value), { _schema: ['Invalid input type.'] })
    })
  }

  test('messages about an object stand beside those of its fields', () => {
    const Range = z
      .object({ from: z.int(), to: z.int() })
      .refine((r) => r.from <= r.to, 'Reversed.')
    assert.deepEqual(errorsOf(Range, { from: 2, to: 1, x: 1 }), {
      _schema: ['Reversed.'],
      x: ['Unknown field.'],
    })
    assert.deepEqual(errorsOf(z.object({ range: Range }), { range: { from: 2, to: 1, x: 1 } }), {
      range: { _schema: ['Reversed.'], x: ['Unknown field.'] },
    })
  })

  test('equal messages of a field are given once', () => {
    const schema = z.object({ a: z.string().min(2, 'Bad.').regex(/^b/, 'Bad.') })
    assert.deepEqual(errorsOf(schema, { a: 'x' }), { a: ['Bad.'] })
  })
})

suite('unknown members', () => {
  const inner = z.object({ a: z.int() })
  const given = { a: 1, b: 2 }
  const refused = { b: ['Unknown field.'] }

  for (const [name, schema, value, errors] of [
    [
      'optional, nullable, default, readonly, catch-free wrappers',
      z.object({ x: inner.optional().nullable().default(null).readonly() }),
      { x: given },
      { x: refused },
    ],
    ['a list', z.array(inner), [given], { 0: refused }],
    ['a tuple', z.tuple([inner], inner), [{ a: 1 }, given], { 1: refused }],
    ['a record', z.record(z.string(), inner), { k: given }, { k: refused }],
    [
      'a record of an enum',
      z.record(z.enum(['k']), inner),
      { k: { a: 1 }, z: 1 },
      { z: ['Unknown field.'] },
    ],
    ['a union', z.union([z.string(), inner]), given, refused],
    [
      'a discriminated union',
      z.discriminatedUnion('k', [z.object({ k: z.literal('x') }), z.object({ k: z.literal('y') })]),
      { k: 'x', b: 1 },
      refused,
    ],
    ['an intersection', inner.and(z.object({ c: z.int() })), { ...given, c: 1 }, refused],
    ['a lazy schema', z.lazy(() => inner), given, refused],
    ['a transform', inner.transform(({ a }) => a), given, refused],
    ['a preprocessed object', z.preprocess((v) => v, inner), given, refused],
    [
      'an object read from text',
      z
        .string()
        .transform((s): unknown => JSON.parse(s))
        .pipe(inner),
      '{"a":1,"b":2}',
      refused,
    ],
    ['a catchall', z.object({}).catchall(inner), { k: given }, { k: refused }],
    ['a strict object', z.strictObject({ a: z.int() }), given, refused],
    ['a refined object', inner.refine(() => true), given, refused],
  ] as const) {
    test(`are refused in ${name}`, () => assert.deepEqual(errorsOf(schema, value), errors))
  }

  test('are refused in a recursive object', () => {
    const Node = z.object({
      name: z.string(),
      get children() {
        return z.array(Node)
      },
    })
    assert.deepEqual(valueOf(Node, { name: 'a', children: [] }), { name: 'a', children: [] })
    assert.deepEqual(errorsOf(Node, { name: 'a', children: [{ name: 1, children: [], x: 1 }] }), {
      children: { 0: { name: ['Not a valid string.'], x: ['Unknown field.'] } },
    })
  })

  test('a larger member of a union takes what a smaller one would refuse', () => {
    const schema = z.union([z.object({ a: z.int() }), z.object({ a: z.int(), b: z.int() })])
    assert.deepEqual(valueOf(schema, given), given)
  })

  test('are kept by a loose object and dropped by excludeUnknown', () => {
    assert.deepEqual(valueOf(z.looseObject({ a: z.int() }), given), given)
    assert.deepEqual(valueOf(excludeUnknown(inner), given), { a: 1 })
    assert.deepEqual(
      valueOf(
        excludeUnknown(inner)
          .refine(() => true)
          .optional(),
        given,
      ),
      { a: 1 },
    )
    assert.deepEqual(valueOf(excludeUnknown(inner).extend({ c: z.int() }), { ...given, c: 1 }), {
      a: 1,
      c: 1,
    })
    assert.deepEqual(errorsOf(excludeUnknown(z.object({ x: inner })), { x: given, y: 1 }), {
      x: refused,
    })
  })

  test('are dropped by all plain objects on request', () => {
    assert.deepEqual(valueOf(z.object({ x: inner }), { x: given, y: 1 }, { unknown: 'exclude' }), {
      x: { a: 1 },
    })
    assert.deepEqual(
      errorsOf(z.strictObject({ a: z.int() }), given, { unknown: 'exclude' }),
      refused,
    )
  })

  test('what a transform adds is not the client’s', () => {
    const schema = inner
      .transform((v): unknown => ({ ...v, extra: 1 }))
      .pipe(z.object({ a: z.int() }))
    assert.deepEqual(valueOf(schema, { a: 1 }), { a: 1 })
  })

  test('the schema itself stays as it was', () => {
    compileLoad(inner)
    assert.deepEqual(inner.parse(given), { a: 1 })
  })
})

suite('forms that JSON has not', () => {
  test('dates are read from ISO 8601, big integers from whole numbers or digits', () => {
    const schema = z.object({ d: z.date().optional(), b: z.bigint().optional() })
    assert.deepEqual(valueOf(schema, { d: '2026-01-31', b: 5 }), {
      d: new Date('2026-01-31'),
      b: 5n,
    })
    assert.deepEqual(valueOf(schema, { b: '12345678901234567890' }), {
      b: 12_345_678_901_234_567_890n,
    })
    assert.deepEqual(valueOf(schema, {}), {})
    assert.deepEqual(errorsOf(schema, { d: '2026-02-30', b: 2 ** 60 }), {
      d: ['Not a valid date.'],
      b: ['Not a valid integer.'],
    })
    assert.deepEqual(errorsOf(z.object({ d: z.date() }), {}), {
      d: ['Missing data for required field.'],
    })
  })
})

suite('load', () => {
  test('throws all that is wrong', () => {
    assert.throws(
      () => load(Task, {}),
      (error) =>
        error instanceof ValidationError &&
        assert.deepEqual(error.errors, { title: ['Missing data for required field.'] }) ===
          undefined,
    )
  })

  test('what a refinement throws is thrown on', () => {
    const schema = z.object({
      a: z.string().refine(() => {
        throw new RangeError('a bug')
      }),
    })
    assert.throws(() => load(schema, { a: 'x' }), { name: 'RangeError', message: 'a bug' })
  })
})

test('words that are kept for a check are those of its fault', () => {
  const loadBoth = compileLoad(z.object({ n: z.int32(), s: z.enum(['a', 'b']) }))
  const low = { n: ['Must be greater than or equal to -2147483648.'], s: ['Must be one of: a, b.'] }
  const high = { n: ['Must be less than or equal to 2147483647.'] }
  for (let i = 0; i < 2; i++) {
    assert.deepEqual(loadBoth({ n: -3e9, s: 'c' }), { ok: false, errors: low })
    const given = loadBoth({ n: 3e9, s: null })
    assert.deepEqual(given, { ok: false, errors: { ...high, s: ['Field may not be null.'] } })
  }
})
