import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { App, Blueprint, currentPrincipal } from 'dewar'
import { type Authenticator, authentication, memoryTokenStore, SignInError } from 'dewar/auth'
import { testClient } from 'dewar/testing'
import { auth, bearer, clientOf, createApp, SECRET, signIn } from './fixtures.ts'

suite('signedIn()', () => {
  test('lets those in who have a token; the user and the principal are what it says', async () => {
    await using client = clientOf(createApp())
    const { access } = await signIn(client, { role: 'admin' })
    const user = { id: '7', roles: ['admin'] }
    for (let i = 0; i < 3; i++) {
      const answer = await client.get('/me', bearer(access))
      assert.deepEqual(answer.json(), { user, by: 'token', principal: user })
    }
  })

  test('asks for roles: 403, with what RFC 6750 says', async () => {
    await using client = clientOf(createApp())
    const as = async (claims: object) => bearer((await signIn(client, claims)).access)
    const status = async (path: string, claims: object) =>
      (await client.get(path, await as(claims))).status
    assert.equal(await status('/admin', { role: 'admin' }), 200)
    assert.equal(await status('/admin', { roles: ['a', 'admin'] }), 200)
    assert.equal(await status('/admin', { role: 'user' }), 403)
    assert.equal(await status('/any', { roles: ['b'] }), 200)
    assert.equal(await status('/any', { roles: ['c'] }), 403)
    assert.equal(await status('/all', { roles: ['b', 'a'] }), 200)
    assert.equal(await status('/all', { roles: ['b'] }), 403)
    const { headers } = await client.get('/admin', await as({}))
    assert.equal(headers['www-authenticate'], 'Bearer realm="shop", error="insufficient_scope"')
  })

  test('a predicate decides with the path and the user', async () => {
    await using client = clientOf(createApp())
    const { access } = await signIn(client)
    assert.equal((await client.get('/users/7', bearer(access))).status, 200)
    const other = await client.get('/users/8', bearer(access))
    assert.deepEqual([other.status, other.json().detail], [403, 'Not yours'])
    assert.equal((await client.get('/users/7')).status, 401)
  })

  test('fresh: only with a password just given', async () => {
    await using client = clientOf(createApp())
    const fresh = await signIn(client, { fresh: true })
    assert.equal((await client.get('/fresh', bearer(fresh.access))).status, 200)
    const next = (await client.post('/refresh', bearer(fresh.refresh))).json()
    const answer = await client.get('/fresh', bearer(next.access))
    assert.deepEqual([answer.status, answer.json().detail], [401, 'Fresh token required'])
  })

  test('optional: nobody is let in as nobody, bad tokens are still refused', async () => {
    await using client = clientOf(createApp())
    const { access } = await signIn(client)
    assert.deepEqual((await client.get('/maybe')).json(), { id: null })
    assert.deepEqual((await client.get('/maybe', bearer(access))).json(), { id: '7' })
    assert.equal((await client.get('/maybe', bearer('a.b.c'))).status, 422)
  })

  test('without a token: 401 in the form of the app, with the scheme', async () => {
    await using client = clientOf(createApp({ realm: 'The "shop"' }))
    const answer = await client.get('/me')
    assert.equal(answer.status, 401)
    assert.equal(answer.headers['www-authenticate'], `Bearer realm="The 'shop'"`)
    assert.equal(answer.json().code, 'sign_in_required')
    assert.equal((await client.get('/open')).status, 200)
  })

  test('a user is loaded once a request, also where the blueprint asks too; 401 where it is gone', async () => {
    let loaded = 0
    const users = new Map([['7', { name: 'Ann' }]])
    const members = authentication({
      loadUser: async ({ sub }) => {
        loaded++
        return users.get(sub)
      },
    })
    const app = new App('club', { logger: false }).install(members, {
      secret: SECRET,
      store: memoryTokenStore(),
    })
    const rooms = new Blueprint('rooms', { use: [members.signedIn()] })
    const mayEnter = members.requires(({ user }) => user.name === 'Ann')
    rooms.get('/', { use: [members.signedIn({ role: 'x' }), mayEnter] }, ({ user }) => ({
      name: user.name,
      id: currentPrincipal()?.id,
    }))
    app.register(rooms, { prefix: '/rooms' })
    app.post(
      '/in',
      async (c) => (await members.signIn(c, '7', { claims: { role: 'x' } })).access.token,
    )
    await using client = testClient(app)
    const token = (await client.post('/in')).text
    assert.deepEqual((await client.get('/rooms/', bearer(token))).json(), { name: 'Ann', id: '7' })
    assert.equal(loaded, 1)
    users.clear()
    const answer = await client.get('/rooms/', bearer(token))
    assert.deepEqual([answer.status, answer.json().code], [401, 'user_unknown'])
  })

  test('further ways are asked in order; bad credentials of one are not tried with the next', async () => {
    const key: Authenticator<{ id: string }> = {
      name: 'key',
      challenge: () => 'Key',
      missing: () => 'No key',
      authenticate(c) {
        const given = c.request.header('x-key')
        if (given === undefined) return undefined
        if (given !== 'right') throw new SignInError(401, 'credentials_invalid', 'Wrong key')
        const user = { id: 'machine' }
        return { principal: user, user, by: 'key', isFresh: false }
      },
    }
    await using client = clientOf(createApp({ also: [key] }))
    const { access } = await signIn(client)
    assert.equal((await client.get('/me', bearer(access))).json().by, 'token')
    assert.equal((await client.get('/me', { headers: { 'x-key': 'right' } })).json().by, 'key')
    const wrong = await client.get('/me', { headers: { 'x-key': 'wrong' } })
    assert.equal(wrong.json().detail, 'Wrong key')
    const both = { authorization: 'Bearer a.b.c', 'x-key': 'right' }
    assert.equal((await client.get('/me', { headers: both })).status, 422)
    const nobody = await client.get('/me')
    assert.equal(nobody.headers['www-authenticate'], 'Bearer realm="shop", Key')
  })

  test('one place says how a client is told', async () => {
    const told = authentication({ answer: ({ message, code }) => [{ msg: message, code }, 401] })
    const app = new App('told', { logger: false }).install(told, { secret: SECRET, store: false })
    app.get('/', { use: [told.signedIn()] }, () => 'in')
    await using client = testClient(app)
    const answer = await client.get('/', bearer('a.b.c'))
    assert.equal(answer.status, 401)
    assert.deepEqual(Object.keys(answer.json()), ['msg', 'code'])
    assert.match(String(answer.headers['www-authenticate']), /^Bearer .*error="invalid_token"/)
  })
})

test('an app cannot be installed without a good secret, or with two', async () => {
  const install = (options: object) =>
    new App('x', { logger: false }).install(auth, { store: false, ...options })
  assert.throws(() => install({}), /`secret` of at least 32 bytes/)
  assert.throws(() => install({ secret: 'short' }), /at least 32 bytes, not 5/)
  assert.throws(() => install({ secret: [] }), /`secret`/)
})

test('without a store nobody can be logged out, and the message says why', async () => {
  await using client = clientOf(createApp({ store: false }))
  const { access, refresh } = await signIn(client)
  assert.equal((await client.get('/me', bearer(access))).status, 200)
  assert.equal((await client.post('/refresh', bearer(refresh))).status, 200)
  await assert.rejects(client.post('/revoke', bearer(access)), /`store: false`/)
})
