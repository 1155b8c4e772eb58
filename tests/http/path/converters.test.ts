import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { toDecimal } from '../../../src/http/path/digits.ts'
import { parsePath } from '../../../src/http/path/grammar.ts'

function converterOf(spec: string) {
  const [, part] = parsePath(`/<${spec}:x>`)
  assert.ok(part?.kind === 'param')
  return part.converter
}

function reads(spec: string, expected: Record<string, unknown>) {
  const converter = converterOf(spec)
  for (const text in expected) {
    assert.deepEqual(converter.parse(text), expected[text], `${spec} reads "${text}"`)
  }
}

function refuses(spec: string, ...values: unknown[]) {
  const converter = converterOf(spec)
  for (const value of values) {
    assert.throws(() => converter.format(value), /does not fit/, `${spec} writes ${String(value)}`)
  }
}

test('int reads the digits of every script, and no number that it would have to round', () => {
  reads('int', {
    0: 0,
    '007': 7,
    '00000000000000000000042': 42,
    9007199254740991: Number.MAX_SAFE_INTEGER,
    '9007199254740992': undefined,
    '99999999999999999999999': undefined,
    '\u0661': 1,
    '\u0664\u0662': 42,
    '1\u0661': 11,
    '\u{1D7CE}\u{1D7E1}\u{1D7FF}': 99,
    '': undefined,
    '-1': undefined,
    '+1': undefined,
    '1.0': undefined,
    ' 1': undefined,
    '1\n': undefined,
    '1_0': undefined,
    '1e3': undefined,
    '0x1f': undefined,
    '\u00B2': undefined,
  })
  refuses('int', 1.5, -1, 2 ** 53, NaN, '4', 4n, true, undefined)
})

test('int takes limits, a sign, and a number of digits', () => {
  reads('int(min=2,max=4)', { 1: undefined, 2: 2, 4: 4, 5: undefined })
  reads('int(signed=True)', { '-5': -5, 5: 5, '--5': undefined, '-': undefined })
  reads('int(signed=True, min=-3)', { '-4': undefined, '-3': -3 })
  reads('int(fixed_digits=3)', {
    '042': 42,
    42: undefined,
    1042: undefined,
    '\u0660\u0664\u0662': 42,
  })
  assert.ok(Object.is(converterOf('int(signed=True)').parse('-0'), 0))
  assert.equal(converterOf('int(fixed_digits=3)').format(7), '007')
  assert.equal(converterOf('int(fixed_digits=3,signed=True)').format(-7), '-07')
  refuses('int(fixed_digits=3)', 1000)
  refuses('int(min=2,max=4)', 1, 5)
})

test('bigint loses nothing', () => {
  const large = '123456789012345678901234567890'
  reads('bigint', { [large]: BigInt(large), '-1': undefined, '\u0661': 1n })
  reads('bigint(max=10, signed=True)', { 11: undefined, '-11': -11n })
  refuses('bigint', 5, -5n)
  assert.equal(converterOf('bigint').parse('9'.repeat(100_000)), undefined)
})

test('float needs digits on both sides of a point', () => {
  reads('float', {
    '1.5': 1.5,
    '01.50': 1.5,
    '\u0661.\u0665': 1.5,
    1: undefined,
    '.5': undefined,
    '5.': undefined,
    '-1.5': undefined,
    '1.5e3': undefined,
    [`${'9'.repeat(400)}.0`]: undefined,
  })
  reads('float(min=1,max=2)', { '0.9': undefined, '1.0': 1, '2.1': undefined })
  reads('float(signed=True)', { '-1.5': -1.5 })
  refuses('float', Infinity, NaN, -1, '1.5')
  assert.equal(toDecimal(1e21), '1000000000000000000000.0')
  assert.equal(toDecimal(-1.25e-8), '-0.0000000125')
  assert.equal(toDecimal(5), '5.0')
})

test('string counts characters as Python does', () => {
  reads('string', { a: 'a', '': undefined, 'a\nb': 'a\nb' })
  reads('string(length=2)', {
    ab: 'ab',
    a: undefined,
    abc: undefined,
    '\u{1F600}\u{1F600}': '\u{1F600}\u{1F600}',
  })
  reads('string(2)', { a: undefined, ab: 'ab' })
  reads('string(maxlength=2)', { ab: 'ab', abc: undefined, '': undefined })
  refuses('string', '', 'a/b', 5, '\uD800', null)
})

test('path holds slashes, but neither begins with one nor holds a line feed', () => {
  reads('path', { 'a/b': 'a/b', 'a/': 'a/', '/a': undefined, '': undefined, 'a\nb': undefined })
  refuses('path', '/a', '', 'a\nb')
})

test('uuid yields lower case, any one of its items', () => {
  const uuid = 'C0FFEE00-0000-4000-8000-00000000ABCD'
  reads('uuid', { [uuid]: uuid.toLowerCase(), [`${uuid}0`]: undefined, [` ${uuid}`]: undefined })
  reads('any(a,b.c)', { a: 'a', 'b.c': 'b.c', bxc: undefined, A: undefined })
  refuses('uuid', 'x')
  refuses('any(a,b)', 'c', 1)
})

test('a decimal is read as the number that it was written for', () => {
  const finite = fc.double({ noDefaultInfinity: true, noNaN: true })
  fc.assert(
    fc.property(finite, (value) => {
      const text = toDecimal(value)
      assert.match(text, /^-?\d+\.\d+$/)
      assert.equal(Number(text), value === 0 ? 0 : value)
    }),
  )
})
