import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync } from 'node:crypto'
import { connect } from 'node:net'
import { once } from 'node:events'
import { suite, test } from 'node:test'
import { KeyRing, privateKey } from 'dewar/auth'
import { bearer, clientOf, createApp, fakeClock, SECRET, signIn } from './fixtures.ts'

const nowS = Math.floor(Date.now() / 1000)
const GOOD = { sub: '7', iat: nowS, exp: nowS + 600, jti: 'a', type: 'access' }

function mint(claims: object, header: object = {}, key: string | Buffer = SECRET): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = `${part({ alg: 'HS256', typ: 'JWT', ...header })}.${part(claims)}`
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`
}

const { publicKey, privateKey: pem } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})

suite('what is no token of this app is refused', () => {
  const { exp: _, ...eternal } = GOOD
  const { sub: __, ...nobody } = GOOD
  const unsigned = mint(GOOD, { alg: 'none' })
  const cases: Record<string, [token: string, status: number, code: string]> = {
    'no algorithm': [
      unsigned.slice(0, unsigned.lastIndexOf('.') + 1),
      422,
      'token_algorithm_not_allowed',
    ],
    'no algorithm, but signed': [unsigned, 422, 'token_algorithm_not_allowed'],
    'another algorithm': [mint(GOOD, { alg: 'HS512' }), 422, 'token_algorithm_not_allowed'],
    'another secret': [mint(GOOD, {}, 'x'.repeat(40)), 422, 'token_bad_signature'],
    'an unknown extension': [mint(GOOD, { crit: ['x'], x: 1 }), 422, 'token_header_not_allowed'],
    'a key of its own': [mint(GOOD, { jwk: {} }), 422, 'token_header_not_allowed'],
    'where its key is': [mint(GOOD, { jku: 'https://x' }), 422, 'token_header_not_allowed'],
    'a certificate': [mint(GOOD, { x5c: [] }), 422, 'token_header_not_allowed'],
    'another type': [mint(GOOD, { typ: 'secevent+jwt' }), 422, 'token_wrong_type'],
    'no expiry': [mint(eternal), 422, 'token_missing_claim'],
    'no subject': [mint(nobody), 422, 'token_missing_claim'],
    'an expiry that is no time': [mint({ ...GOOD, exp: 'soon' }), 422, 'token_invalid_claim'],
    expired: [mint({ ...GOOD, exp: nowS - 1 }), 401, 'token_expired'],
    'not yet valid': [mint({ ...GOOD, nbf: nowS + 60 }), 422, 'token_not_yet_valid'],
    'a refresh token': [mint({ ...GOOD, type: 'refresh' }), 422, 'token_wrong_type'],
    'a family that is not there': [mint({ ...GOOD, sid: 'x' }), 401, 'token_revoked'],
    'too long': [mint({ ...GOOD, x: 'x'.repeat(8000) }), 422, 'token_too_large'],
    'two parts': ['a.b', 422, 'token_malformed'],
  }
  for (const [name, [token, status, code]] of Object.entries(cases)) {
    test(name, async () => {
      await using client = clientOf(createApp())
      // Twice: what is refused is not remembered as good.
      for (let i = 0; i < 2; i++) {
        const answer = await client.get('/me', bearer(token))
        assert.deepEqual([answer.status, answer.json().code], [status, code])
        assert.match(String(answer.headers['www-authenticate']), /^Bearer realm="shop", error="inv/)
        assert.ok(!answer.text.includes(token))
      }
    })
  }

  test('the same, but good, is accepted', async () => {
    await using client = clientOf(createApp())
    assert.equal((await client.get('/me', bearer(mint(GOOD)))).status, 200)
  })

  test('a public key is no secret: it signs nothing', async () => {
    await using client = clientOf(createApp({ keys: new KeyRing([privateKey(pem)]) }))
    const { access } = await signIn(client)
    assert.equal((await client.get('/me', bearer(access))).status, 200)
    const forged = mint(GOOD, { alg: 'HS256' }, publicKey)
    const answer = await client.get('/me', bearer(forged))
    assert.deepEqual([answer.status, answer.json().code], [422, 'token_algorithm_not_allowed'])
  })
})

suite('how a token is carried', () => {
  test('a header that is no bearer token', async () => {
    await using client = clientOf(createApp())
    const ask = async (authorization: string) => {
      const answer = await client.get('/me', { headers: { authorization } })
      return [answer.status, answer.json().code]
    }
    assert.deepEqual(await ask(''), [401, 'sign_in_required'])
    assert.deepEqual(await ask('Basic YTpi'), [401, 'sign_in_required'])
    assert.deepEqual(await ask('Basic abc, Bearer x'), [401, 'sign_in_required'])
    assert.deepEqual(await ask('Bearer'), [422, 'credentials_malformed'])
    assert.deepEqual(await ask('Bearer a b'), [422, 'credentials_malformed'])
    assert.deepEqual(await ask('Bearer a, Bearer b'), [422, 'credentials_malformed'])
    assert.deepEqual(await ask('bearer a.b'), [422, 'token_malformed'])
    const { access } = await signIn(client)
    const lower = await client.get('/me', { headers: { authorization: `bearer  ${access}` } })
    assert.equal(lower.status, 200)
  })

  test('two Authorization headers are refused, whatever is in them', async () => {
    await using app = createApp()
    const address = new URL(await app.listen({ port: 0 }))
    const socket = connect(Number(address.port), '127.0.0.1')
    const lines = `Authorization: Bearer ${mint(GOOD)}\r\nauthorization: Basic YTpi\r\n`
    socket.write(`GET /me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${lines}\r\n`)
    let text = ''
    socket.setEncoding('utf8').on('data', (chunk) => (text += chunk))
    await once(socket, 'close')
    assert.match(text, /^HTTP\/1.1 400 .*"code":"credentials_repeated"/s)
  })

  test('in the query only where that was chosen', async () => {
    await using strict = clientOf(createApp())
    const query = { access_token: mint(GOOD) }
    assert.equal((await strict.get('/me', { query })).status, 401)
    await using lax = clientOf(createApp({ locations: ['header', 'query'] }))
    assert.equal((await lax.get('/me', { query })).status, 200)
    const twice = await lax.get('/me', { query: { access_token: ['a', 'b'] } })
    assert.equal(twice.json().code, 'credentials_malformed')
  })
})

test('a token that is known expires at its second', async () => {
  const clock = fakeClock()
  await using client = clientOf(createApp({ clock: clock.now, accessLifetime: '10s' }))
  const { access } = await signIn(client)
  assert.equal((await client.get('/me', bearer(access))).status, 200)
  clock.pass(10_000)
  assert.equal((await client.get('/me', bearer(access))).json().detail, 'Token has expired')
})

test('keys change while the app runs: the old one is good until it is dropped', async () => {
  const { secretKey } = await import('dewar/auth')
  const [old, next] = [secretKey('o'.repeat(32)), secretKey('n'.repeat(32))]
  const keys = new KeyRing([old])
  await using client = clientOf(createApp({ keys }))
  const first = await signIn(client)
  keys.replace([next, old])
  const second = await signIn(client)
  assert.equal((await client.get('/me', bearer(first.access))).status, 200)
  assert.equal((await client.get('/me', bearer(second.access))).status, 200)
  keys.replace([next])
  assert.equal((await client.get('/me', bearer(first.access))).status, 422)
  assert.equal((await client.get('/me', bearer(second.access))).status, 200)
})
