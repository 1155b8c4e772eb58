import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fromBase32, toBase32 } from '../../src/lib/base32.ts'
import { findRecoveryCode, generateRecoveryCodes } from '../../src/token/recovery_codes.ts'
import {
  generateTOTPSecret,
  totpAt,
  type TOTPOptions,
  toTOTPAddress,
  verifyTOTP,
} from '../../src/token/totp.ts'

const SEED = '12345678901234567890'
const secretOf = (bytes: number) => toBase32(Buffer.from(SEED.repeat(4).slice(0, bytes)))

test('the codes are those of RFC 4226, appendix D', () => {
  const codes = Array.from({ length: 10 }, (_, step) => totpAt(secretOf(20), step))
  assert.deepEqual(
    codes.join(' '),
    '755224 287082 359152 969429 338314 254676 287922 162583 399871 520489',
  )
})

test('the codes are those of RFC 6238, appendix B', () => {
  const rows: [number, string, string, string][] = [
    [59, '94287082', '46119246', '90693936'],
    [1111111109, '07081804', '68084774', '25091201'],
    [1111111111, '14050471', '67062674', '99943326'],
    [1234567890, '89005924', '91819424', '93441116'],
    [2000000000, '69279037', '90698825', '38618901'],
    [20000000000, '65353130', '77737706', '47863826'],
  ]
  for (const [seconds, ...codes] of rows) {
    const kinds = [
      ['SHA1', 20],
      ['SHA256', 32],
      ['SHA512', 64],
    ] as const
    kinds.forEach(([algorithm, bytes], i) => {
      const options: TOTPOptions = { algorithm, digits: 8 }
      assert.equal(totpAt(secretOf(bytes), Math.floor(seconds / 30), options), codes[i])
      const check = { ...options, nowMs: seconds * 1000, window: 0 }
      assert.equal(verifyTOTP(secretOf(bytes), codes[i]!, check), Math.floor(seconds / 30))
    })
  }
})

test('a clock may be one step off, and a code works once', () => {
  const secret = generateTOTPSecret()
  const step = 60_000_000
  const nowMs = step * 30_000 + 29_999
  for (const off of [-1, 0, 1]) {
    assert.equal(verifyTOTP(secret, totpAt(secret, step + off), { nowMs }), step + off)
  }
  for (const off of [-2, 2]) {
    assert.equal(verifyTOTP(secret, totpAt(secret, step + off), { nowMs }), undefined)
  }
  const code = totpAt(secret, step)
  assert.equal(verifyTOTP(secret, code, { nowMs, afterStep: step - 1 }), step)
  assert.equal(verifyTOTP(secret, code, { nowMs, afterStep: step }), undefined)
  assert.equal(verifyTOTP(secret, totpAt(secret, step + 1), { nowMs, afterStep: step }), step + 1)
})

test('a code may be typed with a space; anything else is no code', () => {
  const secret = secretOf(20)
  const nowMs = 30_000
  assert.equal(verifyTOTP(secret, ' 287 082 ', { nowMs }), 1)
  const odd = ['', '28708', '2870822', '287O82', '+287082', '２８７０８２', 'x'.repeat(1_000_000)]
  for (const code of odd) assert.equal(verifyTOTP(secret, code, { nowMs }), undefined)
  assert.equal(verifyTOTP(secret, '755224', { nowMs: 0 }), 0)
})

test('a secret has 160 bits in Base32, and is read as people write it', () => {
  assert.match(generateTOTPSecret(), /^[A-Z2-7]{32}$/)
  assert.equal(totpAt('gezd gnbv-gy3t qojq GEZDGNBVGY3TQOJQ', 1), '287082')
  for (const secret of ['', '!', '01890189']) assert.throws(() => totpAt(secret, 1), TypeError)
})

test('Base32 is that of RFC 4648, section 10, and comes back', () => {
  const vectors = {
    '': '',
    f: 'MY',
    fo: 'MZXQ',
    foo: 'MZXW6',
    foob: 'MZXW6YQ',
    foobar: 'MZXW6YTBOI',
  }
  for (const [text, base32] of Object.entries(vectors)) {
    assert.equal(toBase32(Buffer.from(text)), base32)
    assert.equal(fromBase32(base32)?.toString(), text)
  }
  assert.equal(fromBase32('MZXW6YQ=')?.toString(), 'foob')
  const property = fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
    assert.deepEqual(fromBase32(toBase32(bytes)), Buffer.from(bytes))
  })
  fc.assert(property)
})

test('an authenticator app gets an address that it can read', () => {
  const address = toTOTPAddress('GEZDGNBVGY3TQOJQ', {
    issuer: 'Cookie Shop',
    account: 'a:b@example.com',
  })
  assert.equal(
    address,
    'otpauth://totp/Cookie%20Shop:a%20b%40example.com?secret=GEZDGNBVGY3TQOJQ&issuer=Cookie%20Shop&algorithm=SHA1&digits=6&period=30',
  )
})

test('recovery codes are shown once, stored as hashes, and found however they are typed', () => {
  const { codes, hashes } = generateRecoveryCodes()
  assert.equal(new Set([...codes, ...hashes]).size, 20)
  for (const code of codes) assert.match(code, /^([A-Z2-7]{4}-){3}[A-Z2-7]{4}$/)
  codes.forEach((code, i) => {
    for (const typed of [code, code.toLowerCase(), code.replaceAll('-', ''), ` ${code} `]) {
      assert.equal(findRecoveryCode(typed, hashes), i)
    }
  })
  const [code = ''] = codes
  for (const odd of ['', code.slice(1), hashes[0]!, `${code}A`, 'x'.repeat(1_000_000)]) {
    assert.equal(findRecoveryCode(odd, hashes), -1)
  }
  assert.equal(findRecoveryCode(code, hashes.slice(1)), -1)
  assert.equal(findRecoveryCode(code, []), -1)
})
