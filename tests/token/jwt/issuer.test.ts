import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeProtectedHeader, jwtVerify } from 'jose'
import { privateKey, publicKey, secretKey, type TokenKey } from '../../../src/token/jwt/key.ts'
import { KeyRing } from '../../../src/token/jwt/key_ring.ts'
import { TokenIssuer } from '../../../src/token/jwt/issuer.ts'
import { clock, ed25519, NOW_S, p256, rsa, SECRET, verifier } from './fixtures.ts'

const content = { sub: '42', type: 'access', lifetimeMs: 900_000 }

const kinds: [TokenKey, string][] = [
  [secretKey(SECRET), 'HS256'],
  [privateKey(rsa.privateKey), 'RS256'],
  [privateKey(p256.privateKey), 'ES256'],
  [privateKey(ed25519.privateKey), 'EdDSA'],
]

for (const [key, alg] of kinds) {
  test(`${alg}: what is issued can be verified, here and with jose`, async () => {
    const keys = new KeyRing([key])
    const issuer = new TokenIssuer({ keys, clock, issuer: 'https://a.test', audience: 'web' })
    const { token, claims } = await issuer.issue({
      ...content,
      fresh: true,
      claims: { role: 'admin' },
    })
    const { jti, ...rest } = claims
    assert.match(jti ?? '', /^[\da-f-]{36}$/)
    assert.deepEqual(rest, {
      role: 'admin',
      sub: '42',
      iat: NOW_S,
      nbf: NOW_S,
      exp: NOW_S + 900,
      type: 'access',
      fresh: true,
      iss: 'https://a.test',
      aud: 'web',
    })
    assert.deepEqual(decodeProtectedHeader(token), { alg, kid: key.kid, typ: 'JWT' })
    const options = { keys, issuer: 'https://a.test', audience: 'web' }
    assert.deepEqual(await verifier(options).verify(token, 'access'), claims)
    const currentDate = new Date(clock())
    const { payload } = await jwtVerify(token, key.verifying, { algorithms: [alg], currentDate })
    assert.deepEqual(payload, claims)
    const other = alg === 'EdDSA' ? 'A' : 'Q'
    const [head, body, signature = ''] = token.split('.')
    const changed = `${head}.${body}.${signature[0] === 'A' ? 'B' : 'A'}${signature.slice(1, -1)}${other}`
    await assert.rejects(async () => verifier({ keys }).verify(changed), {
      code: 'token_bad_signature',
    })
  })
}

test('a token is found by kid, or without one among the keys of its algorithm', async () => {
  const old = new TokenIssuer({ keys: new KeyRing([privateKey(p256.privateKey)]), clock })
  const { token } = await old.issue(content)
  const keys = new KeyRing([
    privateKey(rsa.privateKey),
    privateKey(p256.privateKey),
    secretKey(SECRET),
  ])
  assert.equal((await verifier({ keys }).verify(token)).sub, '42')
  const { token: newest } = await new TokenIssuer({ keys, clock }).issue(content)
  assert.equal(decodeProtectedHeader(newest).alg, 'RS256')
})

test('the issuer gives the claims that have a meaning', async () => {
  const issuer = new TokenIssuer({ keys: new KeyRing([secretKey(SECRET)]) })
  for (const name of ['sub', 'exp', 'nbf', 'iat', 'jti', 'type', 'fresh', 'iss', 'aud']) {
    await assert.rejects(issuer.issue({ ...content, claims: { [name]: '1' } }), TypeError)
  }
})

test('what no verifier would accept is not issued', async () => {
  const issuer = new TokenIssuer({ keys: new KeyRing([secretKey(SECRET)]) })
  const odd: object[] = [
    { sub: 42 },
    { sub: '' },
    { type: '' },
    { lifetimeMs: Number.NaN },
    { lifetimeMs: Infinity },
    { jti: 7 },
    { claims: { big: 1n } },
    { claims: { note: 'x'.repeat(8_192) } },
  ]
  for (const each of odd) await assert.rejects(issuer.issue({ ...content, ...each }), TypeError)
})

test('a ring of public keys cannot sign', async () => {
  const issuer = new TokenIssuer({ keys: new KeyRing([publicKey(rsa.publicKey)]) })
  await assert.rejects(issuer.issue(content), { name: 'InvalidKey' })
})
