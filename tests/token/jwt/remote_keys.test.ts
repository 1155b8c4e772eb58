import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { CompactSign } from 'jose'
import { TokenIssuer } from '../../../src/token/jwt/issuer.ts'
import { privateKey, type TokenKey } from '../../../src/token/jwt/key.ts'
import { KeyRing } from '../../../src/token/jwt/key_ring.ts'
import { RemoteKeys, type RemoteKeysOptions } from '../../../src/token/jwt/remote_keys.ts'
import { CLAIMS, ed25519, mint, p256, rsa, verifier } from './fixtures.ts'

/** A real server with a JWKS. What it answers can be changed. */
async function jwks(t: TestContext, keys: readonly TokenKey[]) {
  const state = {
    requests: 0,
    ring: new KeyRing(keys),
    url: '',
    answer: undefined as RequestListener | undefined,
  }
  const server = createServer((request, response) => {
    state.requests++
    if (state.answer) return state.answer(request, response)
    response.end(JSON.stringify(state.ring.toJWKS()))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`
  return state
}

async function issue(key: TokenKey): Promise<string> {
  const issuer = new TokenIssuer({ keys: new KeyRing([key]) })
  return (await issuer.issue({ sub: '1', type: 'access', lifetimeMs: 7_200_000 })).token
}

function verifying(url: string, options: RemoteKeysOptions = {}) {
  const known = verifier({ keys: new RemoteKeys(url, options), clock: Date.now })
  return async (token: string) => known.verify(token)
}

const keys = [rsa, p256, ed25519].map((pair) => privateKey(pair.privateKey))

test('tokens of another issuer verify with its keys, fetched once', async (t) => {
  const server = await jwks(t, keys)
  const verify = verifying(server.url)
  const tokens = await Promise.all(keys.map(issue))
  await Promise.all([...tokens, ...tokens].map(verify))
  for (const token of tokens) assert.equal((await verify(token)).sub, '1')
  assert.equal(server.requests, 1)
})

test('the algorithm is ours to choose, and never HMAC', async (t) => {
  const server = await jwks(t, keys)
  const verify = verifying(server.url, { algorithms: ['ES256'] })
  const [first = '', second = ''] = await Promise.all(keys.map(issue))
  await verify(second)
  await assert.rejects(verify(first), { code: 'token_algorithm_not_allowed' })
  const [jwk] = server.ring.toJWKS().keys
  const forged = mint(CLAIMS, { kid: jwk?.kid }, JSON.stringify(jwk))
  await assert.rejects(verifying(server.url)(forged), { code: 'token_algorithm_not_allowed' })
})

test('a key that the issuer added is fetched, not more often than the cooldown', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() })
  const server = await jwks(t, keys.slice(0, 1))
  const [first = '', second = ''] = await Promise.all(keys.map(issue))
  const verify = verifying(server.url, { cooldownMs: 30_000 })
  await verify(first)
  for (let i = 0; i < 10; i++) await assert.rejects(verify(second), { code: 'token_unknown_key' })
  assert.equal(server.requests, 1)
  server.ring.replace(keys)
  t.mock.timers.tick(30_000)
  await verify(second)
  assert.equal(server.requests, 2)
})

test('a key that the issuer dropped counts until the keys are due again', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() })
  const server = await jwks(t, keys)
  const verify = verifying(server.url, { maxAgeMs: 60_000, cooldownMs: 100 })
  const token = await issue(keys[0]!)
  await verify(token)
  server.ring.replace(keys.slice(1))
  await verify(token)
  t.mock.timers.tick(60_000)
  await assert.rejects(verify(token), { code: 'token_unknown_key' })
})

test('tokens that are known are checked again when a fetch brought other keys', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() })
  const server = await jwks(t, keys)
  const verify = verifying(server.url, { maxAgeMs: 60_000, cooldownMs: 100 })
  const [first = '', second = ''] = await Promise.all(keys.map(issue))
  await verify(first)
  await verify(first)
  server.ring.replace(keys.slice(1))
  t.mock.timers.tick(60_000)
  await verify(second)
  await assert.rejects(verify(first), { code: 'token_unknown_key' })
})

test('a token without kid is tried with the keys of its algorithm', async (t) => {
  const more = privateKey(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)
  const server = await jwks(t, [more, ...keys])
  server.answer = (_request, response) => {
    const set = server.ring.toJWKS().keys.map((key) => ({ ...key, kid: undefined }))
    response.end(JSON.stringify({ keys: set }))
  }
  const sign = (key: TokenKey) =>
    new CompactSign(Buffer.from(JSON.stringify({ ...CLAIMS, iat: 0, nbf: 0, exp: 9_999_999_999 })))
      .setProtectedHeader({ alg: 'ES256' })
      .sign(key.signing!)
  const verify = verifying(server.url)
  for (const key of [more, keys[1]!]) assert.equal((await verify(await sign(key))).sub, '42')
  const stranger = privateKey(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)
  await assert.rejects(verify(await sign(stranger)), { code: 'token_bad_signature' })
})

test('an issuer that answers nonsense is asked once in a while, and no token passes', async (t) => {
  const server = await jwks(t, keys)
  const token = await issue(keys[0]!)
  const answers: RequestListener[] = [
    (_request, response) => response.writeHead(500).end(),
    (_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    (_request, response) => response.end('<html>'),
    (_request, response) => response.end('[]'),
    (_request, response) => response.end('{"keys":[null]}'),
    (_request, response) => response.end(`{"keys":[],"x":"${'x'.repeat(300_000)}"}`),
    (request) => request.socket.destroy(),
    () => {},
  ]
  for (const answer of answers) {
    server.answer = answer
    server.requests = 0
    const verify = verifying(server.url, { timeoutMs: 200 })
    for (let i = 0; i < 3; i++) {
      await assert.rejects(verify(token), { code: 'token_keys_unavailable' }, answer.toString())
    }
    assert.equal(server.requests, 1, answer.toString())
  }
})

test('while the issuer is down its last keys count, for a while', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() })
  const server = await jwks(t, keys)
  const verify = verifying(server.url, { maxAgeMs: 60_000, cooldownMs: 0, staleMs: 3_600_000 })
  const token = await issue(keys[0]!)
  await verify(token)
  server.answer = (_request, response) => response.writeHead(503).end()
  t.mock.timers.tick(60_000)
  await verify(token)
  assert.equal(server.requests, 2)
  t.mock.timers.tick(3_540_000)
  await assert.rejects(verify(token), { code: 'token_keys_unavailable' })
})

test('keys come by https, or from this machine', () => {
  for (const address of [
    'http://issuer.test/jwks',
    'http://127.0.0.1.evil.test/',
    'file:///etc/keys',
  ]) {
    assert.throws(() => new RemoteKeys(address), { name: 'InvalidKey' })
  }
  assert.ok(new RemoteKeys('https://issuer.test/jwks'))
})
