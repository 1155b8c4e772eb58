import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { z } from 'zod'
import { compileLoad, load } from '../../src/schema/load.ts'

const Tree = z.object({
  name: z.string(),
  get children() {
    return z.array(Tree).optional()
  },
})

function nested(depth: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = wrap(undefined)
  for (let i = 1; i < depth; i++) value = wrap(value)
  return value
}

const branch = (inner: unknown) => (inner ? { name: 'x', children: [inner] } : { name: 'x' })
const tooDeep = { ok: false, errors: { _schema: ['Nested too deeply.'] } }

suite('hostile input', () => {
  test('is refused when it is nested too deeply', () => {
    for (const depth of [300, 100_000]) {
      assert.deepEqual(compileLoad(Tree)(nested(depth, branch)), tooDeep)
      assert.deepEqual(compileLoad(z.json())(nested(depth, (inner) => [inner ?? 1])), tooDeep)
      assert.deepEqual(
        compileLoad(z.object({ a: z.json() }))({
          a: nested(depth, (inner) => ({ a: inner ?? 1 })),
        }),
        tooDeep,
      )
    }
    assert.deepEqual(compileLoad(Tree)(nested(100, branch)), {
      ok: true,
      value: nested(100, branch),
    })
    assert.deepEqual(
      load(
        z.json(),
        nested(250, (inner) => [inner ?? 1]),
      ),
      nested(250, (inner) => [inner ?? 1]),
    )
  })

  test('is not followed where the schema does not look', () => {
    const value = { a: nested(10_000, (inner) => [inner ?? 1]) }
    assert.equal(load(z.object({ a: z.any() }), value).a, value.a)
    assert.deepEqual(compileLoad(z.object({}))(value), {
      ok: false,
      errors: { a: ['Unknown field.'] },
    })
  })

  test('gets no more than a thousand messages', () => {
    const unknown = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, 1]))
    const items = { a: Array<unknown>(150_000).fill('x') }
    for (const [schema, value] of [
      [z.object({}), unknown],
      [z.object({ a: z.array(z.int()) }), items],
    ] as const) {
      const loaded = compileLoad(schema)(value)
      assert.ok(!(loaded instanceof Promise) && !loaded.ok)
      const { a } = loaded.errors
      assert.equal(Object.keys(a && !Array.isArray(a) ? a : loaded.errors).length, 1000)
    }
  })

  test('gets no more than that from all its objects together', () => {
    const unknown = Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`k${i}`, 1]))
    const loaded = compileLoad(z.array(z.object({})))([unknown, unknown])
    assert.ok(!(loaded instanceof Promise) && !loaded.ok)
    assert.deepEqual(
      Object.values(loaded.errors).map((each) => Object.keys(each).length),
      [600, 400],
    )
  })

  test('is refused when its faults would fill the stack', () => {
    const schema = z.object({ a: z.array(z.array(z.string())) })
    const value = { a: [Array<unknown>(150_000).fill(1)] }
    assert.deepEqual(compileLoad(schema)(value), {
      ok: false,
      errors: { _schema: ['Invalid value.'] },
    })
  })

  test('a stack that the program filled itself is its own mistake', () => {
    const endless = (n: number): boolean => endless(n + 1) && n > 0
    const schema = z.object({ a: z.int().refine(endless) })
    assert.throws(() => load(schema, { a: 1 }), RangeError)
  })

  test('members that every object inherits are names like any other', () => {
    const value: unknown = JSON.parse('{"__proto__":{"admin":true},"constructor":1,"prototype":2}')
    const loaded = compileLoad(z.object({}))(value)
    assert.equal(
      JSON.stringify(loaded),
      '{"ok":false,"errors":{"__proto__":["Unknown field."],"constructor":["Unknown field."],"prototype":["Unknown field."]}}',
    )
    const inner: unknown = JSON.parse('{"a":{"__proto__":{"admin":true}}}')
    const nestedLoad = compileLoad(z.object({ a: z.object({}) }))(inner)
    assert.equal(
      JSON.stringify(nestedLoad),
      '{"ok":false,"errors":{"a":{"__proto__":["Unknown field."]}}}',
    )
    assert.equal(Reflect.get({}, 'admin'), undefined)
    assert.deepEqual(load(z.object({}), value, { unknown: 'exclude' }), {})
    assert.equal(Reflect.get(load(z.looseObject({}), value), 'admin'), undefined)
  })

  test('fields with such names are required of the client, not found on the prototype', () => {
    const schema = z.object({
      constructor: z.any(),
      a: z.object({ toString: z.string().optional() }),
    })
    const Strict = schema.extend({ valueOf: z.string() })
    assert.deepEqual(compileLoad(Strict)({ a: {}, constructor: 1 }), {
      ok: false,
      errors: { valueOf: ['Missing data for required field.'] },
    })
    assert.deepEqual(load(Strict, { a: { toString: 'x' }, constructor: 1, valueOf: 'y' }), {
      a: { toString: 'x' },
      constructor: 1,
      valueOf: 'y',
    })
  })
})

suite('any JSON', () => {
  const Item = z.object({ n: z.int().min(0), s: z.string().max(3).optional() })
  const StrictItem = z.strictObject({ n: z.int().min(0), s: z.string().max(3).optional() })
  const pairs = [
    [
      z.object({ a: Item, b: z.array(Item).default([]) }),
      z.strictObject({ a: StrictItem, b: z.array(StrictItem).default([]) }),
    ],
    [
      z.union([Item, z.array(Item), z.null()]),
      z.union([StrictItem, z.array(StrictItem), z.null()]),
    ],
    [
      z.record(z.string().max(2), Item.nullable()),
      z.record(z.string().max(2), StrictItem.nullable()),
    ],
  ] as const
  const scalar = fc.oneof(
    fc.integer({ min: -1, max: 3 }),
    fc.string({ maxLength: 4 }),
    fc.constant(null),
    fc.boolean(),
  )
  const { value: values } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      scalar,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'n', 's', '__proto__', 'x'), tie('value'), {
        maxKeys: 4,
      }),
    ),
  }))

  test('is accepted exactly when zod’s strict schema accepts it, as the same value', () => {
    fc.assert(
      fc.property(fc.constantFrom(...pairs), values, ([plain, strict], value) => {
        const loaded = compileLoad<z.ZodType>(plain)(value)
        const reference = strict.safeParse(value)
        assert.ok(!(loaded instanceof Promise))
        assert.equal(loaded.ok, reference.success, JSON.stringify(loaded))
        if (loaded.ok) assert.deepEqual(loaded.value, reference.data)
        else assert.ok(Object.keys(loaded.errors).length > 0)
      }),
      { numRuns: 500 },
    )
  })
})
