import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { z } from 'zod'
import { compileDump, type Dump } from '../../src/schema/dump.ts'

function toJSON(schema: z.ZodType, value: unknown): string {
  return compileDump(schema).toJSON(value)
}

suite('scalars', () => {
  const cases: [string, z.ZodType, unknown, string][] = [
    ['string', z.string(), 'a"b\\c\n', '"a\\"b\\\\c\\n"'],
    ['email, format not checked', z.email(), 'none', '"none"'],
    ['number', z.number(), 1.5, '1.5'],
    ['negative zero', z.number(), -0, '0'],
    ['int', z.int(), 3, '3'],
    ['boolean', z.boolean(), false, 'false'],
    ['bigint', z.bigint(), 2n ** 64n, '18446744073709551616'],
    ['null', z.null(), null, 'null'],
    ['date', z.date(), new Date(0), '"1970-01-01T00:00:00.000Z"'],
    ['iso datetime from text', z.iso.datetime(), '2026-01-02T03:04:05Z', '"2026-01-02T03:04:05Z"'],
    ['iso datetime from Date', z.iso.datetime(), new Date(0), '"1970-01-01T00:00:00.000Z"'],
    ['iso date from Date', z.iso.date(), new Date(0), '"1970-01-01"'],
    ['old datetime', z.string().datetime(), new Date(0), '"1970-01-01T00:00:00.000Z"'],
    ['enum', z.enum(['a', 'b"']), 'b"', '"b\\""'],
    ['native enum', z.enum({ Low: 0, High: 1, 0: 'Low', 1: 'High' }), 1, '1'],
    ['literal', z.literal(['a', 1, true, null, 5n]), 5n, '5'],
    ['template literal', z.templateLiteral(['a', z.int()]), 'a1', '"a1"'],
    ['any', z.any(), { a: [new Date(0)] }, '{"a":["1970-01-01T00:00:00.000Z"]}'],
    ['json', z.json(), { a: [1, 'b', null] }, '{"a":[1,"b",null]}'],
    ['nullable', z.int().nullable(), null, 'null'],
    ['default', z.int().default(4), undefined, '4'],
    ['catch', z.int().catch(4), 5, '5'],
    ['readonly', z.array(z.int()).readonly(), [1], '[1]'],
    ['set', z.set(z.int()), new Set([1, 2]), '[1,2]'],
    [
      'tuple',
      z.tuple([z.int(), z.string().optional()], z.boolean()),
      [1, 'a', true],
      '[1,"a",true]',
    ],
    ['short tuple', z.tuple([z.int(), z.string().optional()]), [1], '[1]'],
    ['gap in a list', z.array(z.int().optional()), [1, undefined], '[1,null]'],
    ['stringbool', z.stringbool(), true, '"true"'],
  ]
  for (const [name, schema, value, text] of cases) {
    test(name, () => assert.equal(toJSON(schema, value), text))
  }
})

suite('what the schema does not name never leaves', () => {
  const User = z.object({ id: z.int() })
  const user = { id: 1, password_hash: 'secret' }
  const cases: [string, z.ZodType, unknown, string][] = [
    ['nested', z.object({ user: User }), { user, x: 1 }, '{"user":{"id":1}}'],
    ['in a list', z.array(User), [user], '[{"id":1}]'],
    ['in a set', z.set(User), new Set([user]), '[{"id":1}]'],
    ['in a record', z.record(z.string(), User), { a: user }, '{"a":{"id":1}}'],
    ['in a union', z.union([z.string(), User]), user, '{"id":1}'],
    ['in a tuple', z.tuple([User]), [user], '[{"id":1}]'],
    ['behind lazy, nullable, optional', z.lazy(() => User.nullable().optional()), user, '{"id":1}'],
    ['in a strict object', z.strictObject({ id: z.int() }), user, '{"id":1}'],
    ['behind a pipe from anything', z.unknown().pipe(User), user, '{"id":1}'],
    [
      'in an intersection',
      z.intersection(User, z.object({ n: z.int() })),
      { ...user, n: 2 },
      '{"id":1,"n":2}',
    ],
    ['in a record with listed keys', z.record(z.enum(['a']), z.int()), { a: 1, b: 2 }, '{"a":1}'],
    [
      'in a partial record',
      z.partialRecord(z.enum(['a', 'b']), z.int()),
      { b: 2, c: 3 },
      '{"b":2}',
    ],
  ]
  for (const [name, schema, value, text] of cases) {
    test(name, () => assert.equal(toJSON(schema, value), text))
  }

  test('a loose object keeps the rest, by design', () => {
    const schema = z.looseObject({ id: z.int(), name: z.string().optional() })
    assert.equal(toJSON(schema, { b: [1], id: 1, u: undefined }), '{"id":1,"b":[1]}')
    assert.equal(toJSON(z.object({}).catchall(User), { a: user }), '{"a":{"id":1}}')
  })
})

suite('objects', () => {
  test('leave out what is undefined, wherever it stands', () => {
    const schema = z.object({
      a: z.int().optional(),
      b: z.int().optional(),
      c: z.int(),
      d: z.int().optional(),
    })
    assert.equal(toJSON(schema, { c: 1 }), '{"c":1}')
    assert.equal(toJSON(schema, { b: 2, c: 1, d: 3 }), '{"b":2,"c":1,"d":3}')
    assert.equal(toJSON(schema.partial(), {}), '{}')
  })

  test('are read through getters and prototypes, and their toJSON is not called', () => {
    class Row {
      #id = 7
      get id(): number {
        return this.#id
      }
      toJSON(): unknown {
        return { id: 'wrong' }
      }
    }
    assert.equal(toJSON(z.object({ id: z.int() }), new Row()), '{"id":7}')
  })

  test('may have any name as a key', () => {
    const keys = [
      '__proto__',
      'constructor',
      'toString',
      "a'b",
      'a"b',
      '\u2028',
      '\ud800',
      '${x}',
      '*/',
      '\n',
      '',
    ]
    const shape = Object.fromEntries(keys.map((key) => [key, z.int().optional()]))
    const value = Object.fromEntries(keys.map((key, i) => [key, i]))
    assert.equal(toJSON(z.object(shape), value), JSON.stringify(value))
    assert.equal(toJSON(z.object(shape), {}), '{}')
    assert.equal(toJSON(z.looseObject({}), value), JSON.stringify(value))
    assert.equal(toJSON(z.record(z.string(), z.int()), value), JSON.stringify(value))
  })

  test('take defaults for what is undefined, fresh each time', () => {
    let next = 0
    const dumper = compileDump(
      z.object({ n: z.int().default(() => next++), tags: z.array(z.string()).default([]) }),
    )
    assert.equal(dumper.toJSON({}), '{"n":0,"tags":[]}')
    assert.equal(dumper.toJSON({}), '{"n":1,"tags":[]}')
  })
})

suite('unions', () => {
  const Cat = z.object({ kind: z.literal('cat'), lives: z.int() })
  const Dog = z.object({ kind: z.enum(['dog', 'wolf']), name: z.string() })

  test('take the first option that fits', () => {
    const schema = z.union([z.int(), z.object({ a: z.int() }), z.object({ b: z.int() }), z.null()])
    const dumper = compileDump(z.array(schema))
    assert.equal(
      dumper.toJSON([1, { b: 2, c: 3 }, null, { a: 1, b: 2 }]),
      '[1,{"b":2},null,{"a":1}]',
    )
  })

  test('with a discriminator take the option it names', () => {
    const dumper = compileDump(z.discriminatedUnion('kind', [Cat, Dog]))
    assert.equal(dumper.toJSON({ kind: 'wolf', name: 'x', lives: 1 }), '{"kind":"wolf","name":"x"}')
    assert.throws(() => dumper.toJSON({ kind: 'cat', name: 'x' }), {
      message: /: lives: expected an integer, got nothing/,
    })
    assert.throws(() => dumper.toJSON({ kind: 'cow' }), {
      message: /: kind: expected one of "cat", "dog", "wolf", got a string/,
    })
  })

  test('nest, and may be discriminated by a codec', () => {
    const Tag = z.codec(z.literal('1'), z.literal(1), {
      decode: () => 1 as const,
      encode: () => '1' as const,
    })
    const inner = z.discriminatedUnion('kind', [Cat, Dog])
    const schema = z.discriminatedUnion('kind', [inner, z.object({ kind: Tag })])
    assert.equal(toJSON(schema, { kind: 1 }), '{"kind":"1"}')
    assert.equal(toJSON(schema, { kind: 'cat', lives: 2 }), '{"kind":"cat","lives":2}')
  })
})

suite('intersections', () => {
  test('of objects share members', () => {
    const left = z.object({ a: z.int(), both: z.object({ x: z.int() }) })
    const right = z.object({ both: z.object({ y: z.int() }), z: z.int() })
    const value = { a: 1, both: { x: 2, y: 3, no: 4 }, z: 5 }
    assert.equal(toJSON(z.intersection(left, right), value), '{"a":1,"both":{"x":2,"y":3},"z":5}')
  })

  test('with a record join what both wrote, exactly', () => {
    const schema = z.intersection(
      z.looseObject({ a: z.bigint() }),
      z.record(z.string(), z.bigint()),
    )
    assert.throws(() => toJSON(schema, { a: 1n, b: 2n }), { name: 'DumpError' })
    const exact = z.intersection(z.object({ a: z.bigint() }), z.record(z.string(), z.bigint()))
    assert.equal(toJSON(exact, { a: 2n ** 60n, b: 2n }), '{"a":1152921504606846976,"b":2}')
  })
})

suite('codecs', () => {
  const ISODate = z.codec(z.iso.datetime(), z.date(), {
    decode: (text) => new Date(text),
    encode: (date) => date.toISOString(),
  })
  const Link = z.codec(z.string(), z.instanceof(URL), {
    decode: (text) => new URL(text),
    encode: String,
  })

  test('encode', () => {
    const schema = z.object({ at: ISODate, links: z.array(Link), until: ISODate.nullish() })
    const value = { at: new Date(0), links: [new URL('http://a.b/')], until: null }
    assert.equal(
      toJSON(schema, value),
      '{"at":"1970-01-01T00:00:00.000Z","links":["http://a.b/"],"until":null}',
    )
  })

  test('inside the out side of another are encoded too', () => {
    const Point = z.codec(z.tuple([z.int(), z.string()]), z.object({ x: z.int(), at: ISODate }), {
      decode: ([x, at]) => ({ x, at }),
      encode: ({ x, at }): [number, string] => [x, at],
    })
    assert.equal(
      toJSON(Point, { x: 1, at: new Date(0), secret: 1 }),
      '[1,"1970-01-01T00:00:00.000Z"]',
    )
    assert.throws(() => toJSON(Point, { x: 1, at: 'no' }), {
      message: /: at: expected type date, got a string/,
    })
  })

  test('that fail say where', () => {
    const Bad = z.codec(z.string(), z.date(), {
      decode: () => new Date(),
      encode: () => {
        throw new Error('mine')
      },
    })
    assert.throws(
      () => toJSON(z.object({ at: Bad }), { at: new Date() }),
      (error: Error) => {
        assert.match(
          error.message,
          /^Dump: at: expected a value that its codec can encode, got a Date/,
        )
        return error.cause instanceof Error && error.cause.message === 'mine'
      },
    )
    const Late = z.codec(z.string(), z.date(), {
      decode: () => new Date(),
      encode: async () => 'x',
    })
    assert.throws(() => toJSON(Late, new Date()), {
      message: /expected a codec that does not wait/,
    })
    const Issue = z.codec(z.string(), z.date(), {
      decode: () => new Date(),
      encode: (value, ctx) => {
        ctx.issues.push({ code: 'custom', input: value, message: 'no' })
        return ''
      },
    })
    assert.throws(() => toJSON(Issue, new Date()), { name: 'DumpError' })
  })
})

suite('recursion', () => {
  const Node = z.object({
    id: z.int(),
    get children() {
      return z.array(Node)
    },
  })
  const List: z.ZodType = z.lazy(() => z.object({ n: z.int(), next: List.nullable() }))

  test('through getters and lazy schemas', () => {
    const tree = { id: 1, children: [{ id: 2, children: [], secret: 1 }] }
    assert.equal(toJSON(Node, tree), '{"id":1,"children":[{"id":2,"children":[]}]}')
    assert.equal(
      toJSON(List, { n: 1, next: { n: 2, next: null } }),
      '{"n":1,"next":{"n":2,"next":null}}',
    )
    assert.throws(() => toJSON(Node, { id: 1, children: [{ id: 2, children: [{ id: 'x' }] }] }), {
      path: ['children', 0, 'children', 0, 'id'],
    })
  })

  test('of a value in itself, or without end, is an error', () => {
    const loop = { id: 1, children: [] as unknown[] }
    loop.children.push(loop)
    let deep: unknown = null
    for (let n = 0; n < 100_000; n++) deep = { n, next: deep }
    for (const [schema, value] of [
      [Node, loop],
      [List, deep],
      [z.any(), loop],
      [z.any(), deep],
      [z.json(), deep],
    ] as const) {
      assert.throws(() => toJSON(schema, value), { name: 'DumpError' })
    }
  })
})

test('toValue gives what a client reads', () => {
  const dumper = compileDump(z.object({ at: z.date(), big: z.bigint() }))
  const value = dumper.toValue({ at: new Date(0), big: 2n ** 60n, secret: 1 })
  assert.equal(JSON.stringify(value), '{"at":"1970-01-01T00:00:00.000Z","big":1152921504606846976}')
  assert.equal(compileDump(z.number()).toValue(1e20), 1e20)
  assert.deepEqual(dumper.toValue({ at: new Date(0), big: 5n }), {
    at: '1970-01-01T00:00:00.000Z',
    big: 5,
  })
})

test('a handler may hand over readonly values', () => {
  const schema = z.object({
    status: z.enum(['a', 'b']),
    tags: z.array(z.object({ name: z.string() })),
    pair: z.tuple([z.int(), z.date()]),
    rest: z.unknown(),
  })
  const value = { status: 'a', tags: [{ name: 'x' }], pair: [1, new Date(0)], rest: 1 } as const
  const given: Dump<typeof schema> = value
  // @ts-expect-error -- the schema says what the handler may hand over
  const wrong: Dump<typeof schema> = { ...value, status: 'c' }
  assert.equal(
    toJSON(schema, given),
    '{"status":"a","tags":[{"name":"x"}],"pair":[1,"1970-01-01T00:00:00.000Z"],"rest":1}',
  )
  assert.throws(() => toJSON(schema, wrong), { name: 'DumpError' })
})
