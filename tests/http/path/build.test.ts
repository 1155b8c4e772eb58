import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { buildPath } from '../../../src/http/path/build.ts'
import { defineConverter } from '../../../src/http/path/converter.ts'
import { parsePath } from '../../../src/http/path/grammar.ts'
import { Router } from '../../../src/http/path/router.ts'

test('a path is built from its parameters', () => {
  const parts = parsePath('/shops/<shop>/orders/<int(fixed_digits=4):id>.json')
  assert.equal(buildPath(parts, { shop: 'a b', id: 7 }), '/shops/a%20b/orders/0007.json')
  assert.equal(buildPath(parsePath('/')), '/')
  assert.equal(buildPath(parsePath('/é /')), '/%C3%A9%20/')
})

test('what a path may hold stays, the rest is encoded', () => {
  const parts = parsePath('/<name>')
  assert.equal(buildPath(parts, { name: "!$&'()*+,;=:@-._~" }), "/!$&'()*+,;=:@-._~")
  assert.equal(
    buildPath(parts, { name: '%?#[]\\\n"<>|é😀' }),
    '/%25%3F%23%5B%5D%5C%0A%22%3C%3E%7C%C3%A9%F0%9F%98%80',
  )
  assert.equal(buildPath(parsePath('/<path:p>'), { p: 'a/b c' }), '/a/b%20c')
})

test('a parameter that is missing, misfit or unknown is an error that names route and parameter', () => {
  const parts = parsePath('/tasks/<int:id>/<lang>')
  const fails = (params: Record<string, unknown>, message: RegExp) =>
    assert.throws(() => buildPath(parts, params), { name: 'TypeError', message })
  fails({ id: 1 }, /The parameter "lang" of \/tasks\/<int:id>\/<lang> is missing/)
  fails({ id: null, lang: 'a' }, /"id" of .* is missing/)
  fails({ id: '1', lang: 'a' }, /"id" of .* cannot be written by <int:id>: '1' does not fit/)
  fails({ id: 1, lang: 'a/b' }, /"lang" of .* cannot be written by <lang>: 'a\/b' does not fit/)
  fails({ id: 1, lang: 'a', page: 2 }, /has no parameter "page". Pass what belongs behind "\?" as/)
  assert.equal(buildPath(parts, { id: 1, lang: 'a', page: undefined }), '/tasks/1/a')
})

test('constants of the route may be repeated, not changed', () => {
  const parts = parsePath('/users/<lang>')
  const defaults = { page: 1, lang: 'en' }
  assert.equal(buildPath(parts, {}, { defaults }), '/users/en')
  assert.equal(buildPath(parts, { page: 1, lang: 'de' }, { defaults }), '/users/de')
  assert.throws(() => buildPath(parts, { page: 2 }, { defaults }), /fixes "page"/)
})

test('a query and an anchor follow the path', () => {
  const parts = parsePath('/a')
  const build = (query: object, anchor?: string) =>
    buildPath(parts, {}, { query: { ...query }, anchor })
  assert.equal(build({}), '/a')
  assert.equal(build({ a: null, b: undefined, c: [] }), '/a')
  assert.equal(build({ q: 'a b+c&d=é', next: '/x?y:@' }), '/a?q=a+b%2Bc%26d%3D%C3%A9&next=/x?y:@')
  assert.equal(
    build({ n: 1, b: false, big: 2n ** 70n, day: new Date(0), tag: ['x', 'y', null] }),
    '/a?n=1&b=false&big=1180591620717411303424&day=1970-01-01T00:00:00.000Z&tag=x&tag=y',
  )
  assert.equal(build({ q: 1 }, 'a b/é?'), '/a?q=1#a%20b/%C3%A9?')
  assert.throws(() => build({ n: NaN }), /query's "n" is NaN/)
  assert.throws(() => build({ d: new Date('x') }), /query's "d" is no valid date/)
  assert.throws(() => build({ s: '\uD800' }), /query's "s" is not well-formed/)
})

test("what an app's own converter writes must match its pattern", () => {
  const slug = defineConverter({
    pattern: '[a-z-]+',
    parse: (text) => text,
    format: (text) => text.toLowerCase(),
  })
  const parts = parsePath('/<slug:s>', { slug })
  assert.equal(buildPath(parts, { s: 'Oat-Bar' }), '/oat-bar')
  assert.throws(() => buildPath(parts, { s: 'Oat Bar' }), /'Oat Bar' does not fit/)
})

test('every address that is built leads back to its parameters', () => {
  const text = fc.string({ unit: 'binary', minLength: 1 })
  const values: Record<string, fc.Arbitrary<unknown>> = {
    string: text.filter((value) => !value.includes('/')),
    'string(minlength=2,maxlength=5)': fc
      .string({ minLength: 2, maxLength: 5 })
      .filter((value) => !value.includes('/')),
    int: fc.maxSafeNat(),
    'int(signed=True)': fc.maxSafeInteger().map((value) => value + 0),
    'int(fixed_digits=5)': fc.nat(99_999),
    bigint: fc.bigInt({ min: 0n }),
    'bigint(signed=True)': fc.bigInt(),
    'float(signed=True)': fc
      .double({ noDefaultInfinity: true, noNaN: true })
      .map((value) => value + 0),
    uuid: fc.uuid(),
    'any(a,"b c",é)': fc.constantFrom('a', 'b c', 'é'),
    path: text.filter((value) => !value.startsWith('/') && !value.includes('\n')),
  }
  for (const [converter, arbitrary] of Object.entries(values)) {
    for (const path of [
      `/a/<${converter}:x>`,
      `/a/p-<${converter}:x>.json`,
      `/a/<${converter}:x>/b/`,
    ]) {
      const parts = parsePath(path)
      const router = new Router<string>()
      router.add({ path, value: path })
      fc.assert(
        fc.property(arbitrary, (x) => {
          const match = router.match('GET', buildPath(parts, { x }))
          assert.deepEqual(match, { kind: 'found', value: path, params: { x } })
        }),
        { numRuns: 20 },
      )
    }
  }
})
