import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { calculateJwkThumbprint, createLocalJWKSet, jwtVerify } from 'jose'
import { TokenIssuer } from '../../../src/token/jwt/issuer.ts'
import { privateKey, publicKey, secretKey } from '../../../src/token/jwt/key.ts'
import { KeyRing } from '../../../src/token/jwt/key_ring.ts'
import { ed25519, mint, p256, CLAIMS, rsa, SECRET, verifier } from './fixtures.ts'

test('keys are PEM, JSON Web Keys or key objects, and named by their thumbprint', async () => {
  for (const { privateKey: key, publicKey: open } of [rsa, p256, ed25519]) {
    const pem = key.export({ type: 'pkcs8', format: 'pem' }).toString()
    const kid = await calculateJwkThumbprint(open.export({ format: 'jwk' }))
    for (const form of [pem, key.export({ format: 'jwk' }), key]) {
      const made = privateKey(form)
      assert.equal(made.kid, kid)
      assert.equal(made.verifying.type, 'public')
    }
    for (const form of [open.export({ type: 'spki', format: 'pem' }).toString(), open]) {
      assert.equal(publicKey(form).kid, kid)
      assert.equal(publicKey(form).signing, undefined)
    }
    assert.equal(privateKey({ ...key.export({ format: 'jwk' }), kid: 'a' }).kid, 'a')
    assert.equal(privateKey(key, { kid: 'b' }).kid, 'b')
  }
})

test('a secret has the same name in every process, which does not tell it', () => {
  assert.equal(secretKey(SECRET).kid, secretKey(Buffer.from(SECRET)).kid)
  assert.notEqual(secretKey(SECRET).kid, secretKey(`${SECRET}.`).kid)
  assert.match(secretKey(SECRET).kid, /^[\w-]{16}$/)
})

test('keys that are weak, of another kind or unreadable are refused', () => {
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey
  const x25519 = generateKeyPairSync('x25519').privateKey
  const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey
  const jwk = rsa.privateKey.export({ format: 'jwk' })
  const odd = [weak, p384, x25519, pss, rsa.publicKey, '', 'text', {}, { kty: 'oct', k: 'AAAA' }]
  for (const key of [...odd, { ...jwk, alg: 'PS256' }, { ...jwk, use: 'enc' }]) {
    assert.throws(() => privateKey(key), { name: 'InvalidKey' })
  }
  const pem = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  assert.throws(
    () => privateKey(pem.replace('MII', 'XXX')),
    (error: Error) =>
      !JSON.stringify(Object.assign({}, error, error.cause)).includes(pem.slice(50, 70)),
  )
  assert.throws(() => publicKey(rsa.privateKey), { name: 'InvalidKey' })
})

test('a ring has keys, each with a name of its own', () => {
  assert.throws(() => new KeyRing([]), { name: 'InvalidKey' })
  assert.throws(() => new KeyRing([secretKey(SECRET), secretKey(SECRET)]), { name: 'InvalidKey' })
  const ring = new KeyRing([secretKey(SECRET)])
  assert.throws(() => ring.replace([]), { name: 'InvalidKey' })
  assert.equal(ring.signer.kid, secretKey(SECRET).kid)
})

test('others verify with the JWKS, which has no secret and no private part', async () => {
  const pairs = [rsa, p256, ed25519].map((pair) => privateKey(pair.privateKey))
  const ring = new KeyRing([...pairs, secretKey(SECRET)])
  const jwks = ring.toJWKS()
  assert.deepEqual(
    jwks.keys.map(({ alg, use, kid }) => ({ alg, use, kid })),
    pairs.map(({ algorithm: alg, kid }) => ({ alg, use: 'sig', kid })),
  )
  for (const key of jwks.keys) {
    for (const part of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) assert.ok(!(part in key), part)
  }
  for (const key of pairs) {
    const issuer = new TokenIssuer({ keys: new KeyRing([key]) })
    const { token } = await issuer.issue({ sub: '1', type: 'access', lifetimeMs: 60_000 })
    await jwtVerify(token, createLocalJWKSet(jwks), { algorithms: [key.algorithm] })
  }
})

test('keys rotate without a restart, and without refusing anybody', async () => {
  const [old, next] = [secretKey(SECRET), secretKey('the next secret of these tests, also long')]
  const ring = new KeyRing([old])
  const issuer = new TokenIssuer({ keys: ring })
  const known = verifier({ keys: ring, clock: Date.now })
  const issue = async () =>
    (await issuer.issue({ sub: '1', type: 'access', lifetimeMs: 60_000 })).token
  const first = await issue()
  await known.verify(first)
  ring.replace([next, old])
  const second = await issue()
  await known.verify(first)
  await known.verify(second)
  ring.replace([next])
  await assert.rejects(async () => known.verify(first), { code: 'token_unknown_key' })
  await known.verify(second)
})

test('an unknown key name leads to one fetch of the keys, and then to none for a while', async () => {
  let now = 1_000_000
  let loads = 0
  let keys = [secretKey(SECRET, { kid: 'old' })]
  const load = async () => {
    loads++
    await new Promise((resolve) => setImmediate(resolve))
    return keys
  }
  const ring = new KeyRing(keys, { load, clock: () => now, cooldownMs: 30_000 })
  const known = verifier({ keys: ring })
  const token = mint(CLAIMS, { kid: 'new' })
  const refused = async () => {
    await assert.rejects(async () => known.verify(token), { code: 'token_unknown_key' })
  }
  await refused()
  assert.equal(loads, 0)
  now += 30_000
  await Promise.all(Array.from({ length: 20 }, refused))
  assert.equal(loads, 1)
  keys = [secretKey(SECRET, { kid: 'new' })]
  await refused()
  now += 30_000
  await known.verify(token)
  assert.equal(loads, 2)
})

test('keys that cannot be fetched are not the fault of the token, and the old ones stay', async () => {
  let now = 1_000_000
  const load = () => Promise.reject(new Error('down'))
  const ring = new KeyRing([secretKey(SECRET)], { load, clock: () => now })
  now += 60_000
  const known = verifier({ keys: ring })
  await assert.rejects(async () => known.verify(mint(CLAIMS, { kid: 'new' })), {
    code: 'token_keys_unavailable',
  })
  await assert.rejects(ring.reload(), /down/)
  await known.verify(mint(CLAIMS))
})
