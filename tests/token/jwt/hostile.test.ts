import assert from 'node:assert/strict'
import { createSign } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { privateKey, publicKey, secretKey } from '../../../src/token/jwt/key.ts'
import { KeyRing } from '../../../src/token/jwt/key_ring.ts'
import { TokenError } from '../../../src/token/jwt/token_error.ts'
import { assertRefused, CLAIMS, encode, mint, p256, rsa, SECRET, verifier } from './fixtures.ts'

const token = mint(CLAIMS)
const [header = '', payload = '', signature = ''] = token.split('.')

test('tokens without a signature are refused, whatever they call it', async () => {
  for (const alg of ['none', 'None', 'NONE', 'nOnE', '', null, undefined, 0, ['HS256'], {}]) {
    const unsigned = `${encode({ alg, typ: 'JWT' })}.${payload}.`
    await assertRefused('token_algorithm_not_allowed', unsigned)
    await assertRefused('token_algorithm_not_allowed', unsigned + signature)
  }
  await assertRefused('token_bad_signature', `${header}.${payload}.`)
})

test('an algorithm that no key is for is refused', async () => {
  for (const alg of [
    'HS384',
    'HS512',
    'RS512',
    'PS256',
    'ES384',
    'ES256K',
    'dir',
    'hs256',
    'HS256 ',
  ]) {
    await assertRefused('token_algorithm_not_allowed', mint(CLAIMS, { alg }))
  }
  for (const alg of ['RS256', 'ES256', 'EdDSA']) {
    await assertRefused('token_algorithm_not_allowed', mint(CLAIMS, { alg }))
    const { kid } = secretKey(SECRET)
    await assertRefused('token_algorithm_not_allowed', mint(CLAIMS, { alg, kid }))
  }
})

test('a public key, as PEM or JWK, is not a secret', async () => {
  const forms = [rsa, p256].flatMap(({ publicKey: key }) => {
    const pem = key.export({ type: 'spki', format: 'pem' }).toString()
    const jwk = key.export({ format: 'jwk' })
    return [
      pem,
      pem.trim(),
      pem.replaceAll('\n', '\r\n'),
      key.export({ type: 'spki', format: 'der' }),
      JSON.stringify(jwk),
      JSON.stringify({ keys: [jwk] }),
      JSON.stringify(jwk, undefined, 2),
    ]
  })
  const keys = new KeyRing([privateKey(rsa.privateKey), publicKey(p256.publicKey)])
  for (const form of forms) {
    await assertRefused('token_algorithm_not_allowed', mint(CLAIMS, {}, form), { keys })
    const { kid } = keys.signer
    await assertRefused('token_algorithm_not_allowed', mint(CLAIMS, { kid }, form), { keys })
    if (typeof form === 'string') assert.throws(() => secretKey(form), { name: 'InvalidKey' })
  }
})

test('a secret is no key for another algorithm', async () => {
  const signed = `${encode({ alg: 'RS256', typ: 'JWT' })}.${payload}`
  const made = createSign('sha256').update(signed).sign(rsa.privateKey, 'base64url')
  await assertRefused('token_algorithm_not_allowed', `${signed}.${made}`)
  const keys = new KeyRing([publicKey(rsa.publicKey)])
  assert.equal((await verifier({ keys }).verify(`${signed}.${made}`)).sub, '42')
})

test('a secret of fewer than 32 bytes is refused', () => {
  for (const secret of ['', 'secret', 'x'.repeat(31), new Uint8Array(31)]) {
    assert.throws(() => secretKey(secret), /needs at least 32 bytes/)
  }
  secretKey('x'.repeat(32))
  // 16 characters of two bytes
  secretKey('é'.repeat(16))
})

test('keys that a token brings along are refused, good signature or not', async () => {
  const jwk = rsa.publicKey.export({ format: 'jwk' })
  const brought = {
    jwk,
    jku: 'https://evil.test/jwks.json',
    x5c: ['MIIB'],
    x5u: 'https://evil.test/cert.pem',
  }
  for (const [name, value] of Object.entries(brought)) {
    const refusal = await assertRefused('token_header_not_allowed', mint(CLAIMS, { [name]: value }))
    assert.equal(refusal.claim, name)
    await assertRefused('token_header_not_allowed', mint(CLAIMS, { [name]: null }))
  }
})

test('extensions are not known, so a token that needs one is refused', async () => {
  for (const crit of [['exp'], ['b64'], ['http://example.com/UNDEFINED'], [], 'exp', null, [1]]) {
    await assertRefused('token_header_not_allowed', mint(CLAIMS, { crit, exp: 1, b64: true }))
  }
  await assertRefused('token_header_not_allowed', mint(CLAIMS, { b64: false }))
  await assertRefused('token_header_not_allowed', mint(CLAIMS, { zip: 'DEF' }))
})

test('typ says what the token is', async () => {
  for (const typ of ['JWT', 'jwt', 'application/jwt', undefined]) {
    await verifier().verify(mint(CLAIMS, { typ }))
  }
  for (const typ of ['JWS', 'at+jwt', 'dpop+jwt', 'JOSE', '', 1, null, ['JWT']]) {
    await assertRefused('token_wrong_type', mint(CLAIMS, { typ }))
  }
  await verifier({ typ: 'at+jwt' }).verify(mint(CLAIMS, { typ: 'application/AT+JWT' }))
  for (const typ of ['JWT', undefined]) {
    await assertRefused('token_wrong_type', mint(CLAIMS, { typ }), { typ: 'at+jwt' })
  }
})

test('what is not a token is refused before anything is hashed', async () => {
  await assertRefused('token_missing', '')
  const odd = [
    'a',
    'a.b',
    'a.b.c',
    'a.b.c.d',
    'a.b.c.d.e',
    '..',
    `.${payload}.${signature}`,
    `${header}..${signature}`,
    ` ${token}`,
    `${token} `,
    `${token}\n`,
    `${token}=`,
    `${token}.`,
    token.replaceAll('.', ','),
    `${header}.${payload}.ü`,
    `${encode('null')}.${payload}.${signature}`,
    `${encode('[]')}.${payload}.${signature}`,
    `${encode('"HS256"')}.${payload}.${signature}`,
    `${encode('{"alg":"HS256"')}.${payload}.${signature}`,
    `${Buffer.from('{"alg":"HS256","x":"\xff"}', 'latin1').toString('base64url')}.${payload}.${signature}`,
  ]
  for (const text of odd) await assertRefused('token_malformed', text)
  await assertRefused('token_malformed', mint(CLAIMS, { kid: 7 }))
})

test('a signed payload that is not an object is refused', async () => {
  for (const body of ['null', '[]', '"text"', '7', '{', '', '\u0000']) {
    await assertRefused('token_malformed', mint(body === '' ? ' ' : body))
  }
})

test('a token has a limit', async () => {
  const long = mint({ ...CLAIMS, note: 'x'.repeat(8_192) })
  await assertRefused('token_too_large', long)
  await verifier({ maxBytes: long.length }).verify(long)
  await assertRefused('token_too_large', long, { maxBytes: long.length - 1 })
  await assertRefused('token_too_large', '.'.repeat(50_000_000))
})

test('names of objects are claims like any other', async () => {
  const claims = await verifier().verify(
    mint(
      `{"__proto__":{"role":"admin"},${JSON.stringify({ ...CLAIMS, role: undefined }).slice(1)}`,
    ),
  )
  assert.equal(claims['role'], undefined)
})

test('any text is refused with a reason, and no change of a token passes', async () => {
  const known = verifier()
  await known.verify(token)
  const anyText = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc
      .tuple(fc.json(), fc.json(), fc.string())
      .map(([a, b, c]) => `${encode(a)}.${encode(b)}.${encode(c)}`),
    fc
      .tuple(fc.nat(token.length - 1), fc.nat(3), fc.string({ maxLength: 3 }))
      .map(([at, drop, add]) => token.slice(0, at) + add + token.slice(at + drop)),
  )
  const property = fc.asyncProperty(anyText, async (text) => {
    fc.pre(text !== token)
    await assert.rejects(
      async () => known.verify(text),
      (error) => error instanceof TokenError,
    )
  })
  await fc.assert(property, { numRuns: 1_000 })
})
