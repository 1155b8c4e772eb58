import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { App } from 'dewar'
import { authentication, KeyRing, memoryTokenStore, privateKey, RemoteKeys } from 'dewar/auth'
import { testClient } from 'dewar/testing'
import { bearer, clientOf, createApp, signIn } from './fixtures.ts'

const ISSUER = 'https://login.example.com'
const { privateKey: key } = generateKeyPairSync('ed25519')

const login = authentication()

/** Another app, which issues tokens with a private key and shows the public one. */
function createIssuer(audience: string): App {
  const app = new App('login', { logger: false })
    .install(login, {
      keys: new KeyRing([privateKey(key)]),
      store: memoryTokenStore(),
      issuer: ISSUER,
      audience,
    })
    .register(login.jwks())
  app.post(
    '/in',
    async (c) => (await login.signIn(c, '7', { claims: { role: 'admin' } })).access.token,
  )
  return app
}

test('the public keys are shown, the private parts are not, and secrets are not', async () => {
  await using client = testClient(createIssuer('shop'))
  const { keys } = (await client.get('/.well-known/jwks.json')).json()
  assert.equal(keys.length, 1)
  assert.deepEqual(Object.keys(keys[0]).toSorted(), ['alg', 'crv', 'kid', 'kty', 'use', 'x'])
})

test('tokens of an issuer that is trusted are accepted, as users of another house', async () => {
  await using issuer = createIssuer('shop')
  const address = await issuer.listen({ port: 0 })
  const token = await (await fetch(`${address}/in`, { method: 'POST' })).text()
  const keys = new RemoteKeys(`${address}/.well-known/jwks.json`)
  const trust = [{ issuer: ISSUER, audience: 'shop', keys }]
  await using client = clientOf(createApp({ trust }))
  const answer = await client.get('/me', bearer(token))
  assert.deepEqual(answer.json().user, { id: `${ISSUER}|7`, roles: [] })
  assert.equal((await client.get('/admin', bearer(token))).status, 403)
  const { access } = await signIn(client)
  assert.equal((await client.get('/me', bearer(access))).json().user.id, '7')
  // One of its tokens can be revoked here.
  await client.post('/revoke', bearer(token))
  assert.equal((await client.get('/me', bearer(token))).status, 401)
})

test('a token for another app, and one of nobody who is trusted, are refused', async () => {
  await using issuer = createIssuer('other')
  const address = await issuer.listen({ port: 0 })
  const token = await (await fetch(`${address}/in`, { method: 'POST' })).text()
  const keys = new RemoteKeys(`${address}/.well-known/jwks.json`)
  const trust = [{ issuer: ISSUER, audience: 'shop', keys }]
  await using client = clientOf(createApp({ trust }))
  assert.equal((await client.get('/me', bearer(token))).json().code, 'token_wrong_audience')
  await using strict = clientOf(createApp())
  assert.equal((await strict.get('/me', bearer(token))).status, 422)
  assert.throws(() => createApp({ trust, issuer: ISSUER }), /is this app itself/)
})
