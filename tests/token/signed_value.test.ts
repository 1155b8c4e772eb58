import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  SignedValueError,
  type SignedValueErrorCode,
  SignedValues,
} from '../../src/token/signed_value.ts'

const SECRET = 'a secret of the tests, with more than 32 bytes'
const NOW_MS = 1_800_000_000_000
const values = new SignedValues({ secrets: [SECRET], purpose: 'session', clock: () => NOW_MS })

function at(nowMs: number): SignedValues {
  return new SignedValues({ secrets: [SECRET], purpose: 'session', clock: () => nowMs })
}

function assertRefused(code: SignedValueErrorCode, text: string, by = values, maxAgeMs?: number) {
  assert.throws(() => by.read(text, maxAgeMs), { name: 'SignedValueError', code })
}

test('a value is written as this text, and read from it', () => {
  const text = values.sign({ user: 42 }, 60_000)
  // By Python's hmac: HKDF-SHA256 of the secret with the purpose, then HMAC-SHA256 of the first part.
  assert.equal(
    text,
    'WzE4MDAwMDAwMDAwMDAsMTgwMDAwMDA2MDAwMCx7InVzZXIiOjQyfV0.ZBi2P_aqawElGS0v4lRdi90sBERivDMpysfLug7ey7w',
  )
  assert.deepEqual(values.read(text), { user: 42 })
})

test('whatever JSON can write comes back', () => {
  const large = new SignedValues({ secrets: [SECRET], purpose: 'p', maxBytes: 100_000 })
  const property = fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
    const written = JSON.parse(JSON.stringify(value))
    assert.deepEqual(large.read(large.sign(value)), written)
  })
  fc.assert(property, { numRuns: 300 })
})

test('no change passes', () => {
  const text = values.sign({ user: 42, role: 'user' })
  const change = fc.tuple(fc.nat(text.length), fc.nat(3), fc.string({ maxLength: 4 }))
  const property = fc.property(change, ([from, drop, add]) => {
    const changed = text.slice(0, from) + add + text.slice(from + drop)
    fc.pre(changed !== text)
    assert.throws(() => values.read(changed), SignedValueError)
  })
  fc.assert(property, { numRuns: 2_000 })
  for (const odd of ['', '.', 'a.b', `${text}.`, `.${text}`, text.replace('.', ''), `${text}=`]) {
    assertRefused('signed_value_malformed', odd)
  }
  const [body, signature = ''] = text.split('.')
  // 43 characters hold 258 bits: other spellings of the same 256 are refused too.
  for (const last of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_') {
    const spelled = `${body}.${signature.slice(0, -1)}${last}`
    if (spelled !== text) assertRefused('signed_value_bad_signature', spelled)
  }
})

test('a value is for one purpose', () => {
  const reset = new SignedValues({ secrets: [SECRET], purpose: 'reset', clock: () => NOW_MS })
  assertRefused('signed_value_bad_signature', reset.sign(42))
  assertRefused('signed_value_bad_signature', values.sign(42), reset)
})

test('a value has its time, to the millisecond', () => {
  const text = values.sign(42, 1_000)
  assert.equal(at(NOW_MS + 999).read(text), 42)
  assertRefused('signed_value_expired', text, at(NOW_MS + 1_000))
  const unlimited = values.sign(42)
  assert.equal(at(NOW_MS * 2).read(unlimited), 42)
  assert.equal(at(NOW_MS + 499).read(unlimited, 500), 42)
  assertRefused('signed_value_expired', unlimited, at(NOW_MS + 500), 500)
  assertRefused('signed_value_expired', text, at(NOW_MS + 500), 500)
  assertRefused('signed_value_expired', values.sign(42, 0))
})

test('secrets rotate: the first signs, all verify', () => {
  const next = 'the next secret of these tests, also long'
  const both = new SignedValues({ secrets: [next, SECRET], purpose: 'session' })
  const after = new SignedValues({ secrets: [next], purpose: 'session' })
  assert.equal(both.read(values.sign(42)), 42)
  assert.equal(after.read(both.sign(42)), 42)
  assertRefused('signed_value_bad_signature', values.sign(42), after)
})

test('secrets that are short or absent are refused', () => {
  for (const secrets of [[], [''], ['x'.repeat(31)], [SECRET, 'short'], [new Uint8Array(31)]]) {
    assert.throws(() => new SignedValues({ secrets, purpose: 'p' }), { name: 'InvalidKey' })
  }
})

test('values have a limit, and are JSON', () => {
  assert.throws(() => values.sign('x'.repeat(4_096)), TypeError)
  assert.throws(() => values.sign(undefined), TypeError)
  assert.throws(() => values.sign(() => 1), TypeError)
  assert.throws(() => values.sign(1n), TypeError)
  assert.throws(() => values.sign(1, Number.NaN), TypeError)
  assertRefused('signed_value_too_large', 'x'.repeat(4_097))
  assertRefused('signed_value_too_large', 'x'.repeat(50_000_000))
})
