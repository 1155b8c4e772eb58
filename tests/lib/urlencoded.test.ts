import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { parseQuery, parseUrlencoded, TooManyFields } from '../../src/lib/urlencoded.ts'

/** The same rules, in the fewest words. The platform's own `URLSearchParams` mixes text and bytes after a bad escape. */
function reference(text: string): Record<string, string | string[]> {
  const fields = new Map<string, string[]>()
  for (const pair of text.split('&').filter((each) => each !== '')) {
    const [name = '', ...rest] = pair.split('=')
    const key = decoded(name)
    fields.set(key, [...(fields.get(key) ?? []), decoded(rest.join('='))])
  }
  return Object.fromEntries(
    [...fields].map(([name, values]) => [name, values.length === 1 ? values[0]! : values]),
  )
}

function decoded(text: string): string {
  const bytes = Buffer.from(text).toString('latin1').replaceAll('+', ' ')
  const byte = (_: string, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))
  return Buffer.from(bytes.replaceAll(/%([0-9a-f]{2})/gi, byte), 'latin1').toString()
}

const texts = fc.string({
  unit: fc.oneof(
    fc.constantFrom('a', '&', '&', '=', '=', '%', '+', ';', '%41', '%C3', '%A9', '%z', '__proto__'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
  ),
})

suite('urlencoded', () => {
  for (const [text, expected] of [
    ['', {}],
    ['a=1&b=2', { a: '1', b: '2' }],
    ['a=1&a=2&a=3', { a: ['1', '2', '3'] }],
    ['a+b=c+d%2B', { 'a b': 'c d+' }],
    ['a=b=c', { a: 'b=c' }],
    ['a&b=&=c', { a: '', b: '', '': 'c' }],
    ['&&a=1&&', { a: '1' }],
    ['a;text=b', { 'a;text': 'b' }],
    ['a=%&b=%4&c=%zz%41', { a: '%', b: '%4', c: '%zzA' }],
    ['a=%E9&b=%C3%A9', { a: '\uFFFD', b: 'é' }],
    ['a?=1', { 'a?': '1' }],
  ] as const) {
    test(`reads ${JSON.stringify(text)}`, () => {
      assert.deepEqual({ ...parseQuery(text) }, expected)
    })
  }

  test('what is inherited is no field, whatever the fields are called', () => {
    const fields = parseQuery('__proto__=1&constructor=2&__proto__=3')
    assert.deepEqual(Object.entries(fields), [
      ['__proto__', ['1', '3']],
      ['constructor', '2'],
    ])
    assert.equal(parseQuery('a=1').constructor, undefined)
    assert.equal('toString' in parseQuery(''), false)
  })

  test('reads any text', () => {
    fc.assert(
      fc.property(texts, (text) => {
        assert.deepEqual({ ...parseUrlencoded(text) }, reference(text))
      }),
    )
  })

  test('a URL that was not escaped is bytes of UTF-8', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const asNodeHasIt = Buffer.from(text).toString('latin1')
        assert.deepEqual({ ...parseQuery(asNodeHasIt) }, { ...parseUrlencoded(text) })
      }),
    )
  })

  test('an escape may go on where a raw byte began', () => {
    assert.deepEqual({ ...parseQuery('a=\u00C3%A9') }, { a: 'é' })
  })

  test('more fields than allowed are refused', () => {
    assert.deepEqual(Object.keys(parseQuery('a&b&c', 3)), ['a', 'b', 'c'])
    assert.throws(
      () => parseQuery('a&b&c&d', 3),
      (error) => error instanceof TooManyFields && error.maxFields === 3,
    )
    assert.throws(() => parseQuery('a&'.repeat(1001)), TooManyFields)
    assert.deepEqual({ ...parseQuery('&'.repeat(5000)) }, {})
  })

  test('a megabyte of anything takes no more than its length', () => {
    for (const part of ['%41', '%', 'a=', '+', '\u00FF', '%C3']) {
      const startedMs = performance.now()
      parseQuery(part.repeat(1_000_000 / part.length))
      assert.ok(performance.now() - startedMs < 1000, part)
    }
  })
})
