import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import {
  readBigInt,
  readBoolean,
  readDate,
  readInteger,
  readNumber,
} from '../../src/schema/scalars.ts'

suite('readInteger', () => {
  for (const [text, expected] of [
    ['0', 0],
    ['42', 42],
    ['+5', 5],
    ['-7', -7],
    ['-0', 0],
    [' 7\n', 7],
    ['007', 7],
    ['1_000_000', 1_000_000],
    ['٣٤', 34],
    ['𝟗𝟘', 90],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['-9007199254740991', Number.MIN_SAFE_INTEGER],
  ] as const) {
    test(`takes ${JSON.stringify(text)}`, () => assert.equal(readInteger(text), expected))
  }

  for (const text of [
    '',
    ' ',
    '-',
    '5.5',
    '5.0',
    '1e3',
    '0x10',
    '1__0',
    '_1',
    '1_',
    '1 2',
    '²',
    'Infinity',
    '9007199254740992',
    '9'.repeat(5000),
  ]) {
    test(`refuses ${JSON.stringify(text.slice(0, 20))}`, () => {
      assert.equal(readInteger(text), undefined)
    })
  }

  test('any safe integer, however written', () => {
    fc.assert(fc.property(fc.maxSafeInteger(), (n) => assert.equal(readInteger(String(n)), n)))
  })

  test('any text is a safe integer or nothing', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('0', '1', '9', '_', '+', '-', '.', ' ', 'e', 'x', '٣') }),
        (text) => {
          const value = readInteger(text)
          assert.ok(value === undefined || Number.isSafeInteger(value))
        },
      ),
    )
  })
})

suite('readBigInt', () => {
  test('any big integer, exactly', () => {
    fc.assert(fc.property(fc.bigInt(), (n) => assert.equal(readBigInt(`${n}`), n)))
    assert.equal(readBigInt('+1_0'), 10n)
    assert.equal(readBigInt('1.0'), undefined)
    assert.equal(readBigInt('1'.repeat(4301)), undefined)
  })
})

suite('readNumber', () => {
  test('any finite number, and nothing that is not decimal', () => {
    const numbers = fc.double({ noNaN: true, noDefaultInfinity: true })
    fc.assert(fc.property(numbers, (n) => assert.equal(readNumber(String(n)), n + 0)))
    assert.equal(readNumber(' +.5e1 '), 5)
    assert.equal(readNumber('5.'), 5)
    for (const text of ['', '.', '1e400', 'NaN', 'Infinity', '0x10', '1_0', '1,5', '1e']) {
      assert.equal(readNumber(text), undefined, text)
    }
  })
})

suite('readBoolean', () => {
  test('the words for true and false, in any case', () => {
    for (const text of ['true', 'T', 'yes', 'Y', 'On', '1']) assert.equal(readBoolean(text), true)
    for (const text of ['false', 'F', 'NO', 'n', 'off', '0']) assert.equal(readBoolean(text), false)
    for (const text of ['', '2', 'truely', 'null', ' true']) {
      assert.equal(readBoolean(text), undefined, text)
    }
  })
})

suite('readDate', () => {
  for (const [text, expected] of [
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['0099-12-31', '0099-12-31T00:00:00.000Z'],
    ['2026-01-31T10:20', '2026-01-31T10:20:00.000Z'],
    ['2026-01-31 10:20:30.123456', '2026-01-31T10:20:30.123Z'],
    ['2026-01-31t10:20:30z', '2026-01-31T10:20:30.000Z'],
    ['2026-01-31T10:20:30+0530', '2026-01-31T04:50:30.000Z'],
    ['2026-01-31T10:20:30-01:00', '2026-01-31T11:20:30.000Z'],
  ] as const) {
    test(`takes ${text}`, () => assert.equal(readDate(text)?.toISOString(), expected))
  }

  for (const text of [
    '',
    '1',
    '2026',
    '2026-02-30',
    '2025-02-29',
    '2026-13-01',
    '2026-00-01',
    '2026-01-00',
    '0000-01-01',
    '26-01-01',
    '2026-01-01T24:00',
    '2026-01-01T10:60',
    '2026-01-01T10:00:60Z',
    '2026-01-01T10',
    '2026-01-01Z',
    '01/02/2026',
    'tomorrow',
    '2026-01-01T10:00+24:00',
  ]) {
    test(`refuses ${JSON.stringify(text)}`, () => assert.equal(readDate(text), undefined))
  }

  test('any moment of the years 1 to 9999', () => {
    const moments = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(moments, (date) => {
        assert.deepEqual(readDate(date.toISOString()), date)
      }),
    )
  })
})
