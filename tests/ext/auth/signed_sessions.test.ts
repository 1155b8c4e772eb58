import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { App } from 'dewar'
import { authentication, type Session, type SessionOptions, signedSessions } from 'dewar/auth'
import { type TestAnswer, testClient } from 'dewar/testing'
import { fakeClock, SECRET } from './fixtures.ts'

const sessions = signedSessions()
const auth = authentication()

function createApp(options: Partial<SessionOptions> = {}): App {
  const app = new App('pages', { logger: false })
    .install(sessions, { secret: SECRET, ...options })
    .install(auth, { tokens: false, also: [sessions] })
  app.post('/in', (c) => ({ csrf: sessions.begin(c, '7', { roles: ['admin'] }) }))
  app.post('/out', (c) => {
    sessions.end(c)
    return {}
  })
  app.get('/me', { use: [auth.signedIn()] }, ({ user }) => user)
  app.post('/me', { use: [auth.signedIn()] }, ({ user }) => user)
  app.get('/fresh', { use: [auth.signedIn({ fresh: true })] }, ({ user }) => user)
  app.get('/maybe', { use: [auth.signedIn({ optional: true })] }, ({ user }) => ({
    id: user?.id ?? null,
  }))
  return app
}

const setCookies = ({ headers }: TestAnswer) => [headers['set-cookie'] ?? []].flat().map(String)
const valueOf = (answer: TestAnswer, name: string) =>
  setCookies(answer)
    .find((each) => each.startsWith(`${name}=`))
    ?.slice(name.length + 1)
    .split(';')[0]
const withCookie = (value: string, headers = {}) => ({
  headers: { cookie: `__Host-session=${value}`, ...headers },
})

suite('signedSessions()', () => {
  test('begin, are known, and end, with cookies of this host alone', async () => {
    await using client = testClient(createApp())
    const begun = await client.post('/in')
    const [session = '', csrf = ''] = setCookies(begun)
    assert.match(session, /^__Host-session=[^;]+; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
    assert.match(csrf, /^__Host-session_csrf=[^;]+; Path=\/; Secure; SameSite=Lax$/)
    assert.deepEqual((await client.get('/me')).json(), { id: '7', roles: ['admin'] })
    await client.post('/out')
    assert.equal((await client.get('/me')).status, 401)
  })

  test('want the CSRF token of the session for what changes something', async () => {
    await using client = testClient(createApp())
    const first = (await client.post('/in')).json().csrf
    const { csrf } = (await client.post('/in')).json()
    assert.equal((await client.post('/me')).json().detail, 'Missing CSRF token')
    for (const [given, status] of [
      [csrf, 200],
      [first, 401],
      ['', 401],
    ]) {
      const answer = await client.post('/me', { headers: { 'x-csrf-token': given } })
      assert.equal(answer.status, status)
    }
  })

  test('end when nobody uses them, and some time after they began', async () => {
    const clock = fakeClock()
    await using client = testClient(
      createApp({ clock: clock.now, idle: '30m', lifetime: '2h', freshFor: '10m' }),
    )
    const first = valueOf(await client.post('/in'), '__Host-session')!
    clock.pass(9 * 60_000)
    assert.equal((await client.get('/fresh')).status, 200)
    clock.pass(60_000)
    assert.equal((await client.get('/fresh')).status, 401)
    clock.pass(19 * 60_000)
    assert.equal((await client.get('/me')).status, 200)
    clock.pass(60_000)
    assert.equal((await client.get('/me', withCookie(first))).status, 401)
    for (let i = 0; i < 4; i++) {
      assert.equal((await client.get('/me')).status, 200, `${i}`)
      clock.pass(20 * 60_000)
    }
    assert.equal((await client.get('/me')).status, 200)
    clock.pass(11 * 60_000)
    assert.equal((await client.get('/me')).status, 401)
  })

  test('are not written with every answer', async () => {
    const clock = fakeClock()
    await using client = testClient(createApp({ clock: clock.now }))
    await client.post('/in')
    clock.pass(60_000)
    assert.deepEqual(setCookies(await client.get('/me')), [])
    clock.pass(180_000)
    assert.equal(setCookies(await client.get('/me')).length, 2)
  })

  test('that were changed, or signed with another secret, are none', async () => {
    await using client = testClient(createApp())
    const value = valueOf(await client.post('/in'), '__Host-session')!
    await using other = testClient(createApp({ secret: `another ${SECRET}` }))
    const [body = '', signature = ''] = value.split('.')
    const forged = Buffer.from(
      Buffer.from(body, 'base64url').toString().replace('"7"', '"8"'),
    ).toString('base64url')
    for (const each of [`${forged}.${signature}`, `${body}.`, 'x', `${value}x`, 'x'.repeat(5000)]) {
      assert.equal((await other.get('/me', withCookie(each))).status, 401, each)
    }
    assert.equal((await other.get('/me', withCookie(value))).status, 401)
    assert.deepEqual((await other.get('/maybe', withCookie(value))).json(), { id: null })
  })

  test('outlive a change of secrets', async () => {
    await using before = testClient(createApp())
    const value = valueOf(await before.post('/in'), '__Host-session')!
    await using after = testClient(createApp({ secret: [`another ${SECRET}`, SECRET] }))
    assert.equal((await after.get('/me', withCookie(value))).status, 200)
    assert.throws(() => createApp({ secret: 'short' }), /32 bytes/)
  })

  test('have a user who is loaded, and end when there is none', async () => {
    const seen: Session[] = []
    const loaded = signedSessions({
      loadUser(session) {
        seen.push(session)
        return session.subject === '7' ? { name: 'Ann' } : undefined
      },
    })
    const people = authentication({ loadUser: () => ({ name: 'nobody' }) })
    const app = new App('pages', { logger: false })
      .install(loaded, { secret: SECRET, cookies: { secure: false } })
      .install(people, { tokens: false, also: [loaded] })
    app.post('/in/<id>', (c) => ({
      csrf: loaded.begin(c, c.params.id, { data: { theme: 'dark' } }),
    }))
    app.get('/me', { use: [people.signedIn()] }, ({ user }) => user.name)
    await using client = testClient(app)
    await client.post('/in/7')
    assert.equal((await client.get('/me')).text, 'Ann')
    assert.deepEqual(seen[0]?.data, { theme: 'dark' })
    await client.post('/in/8')
    assert.equal((await client.get('/me')).status, 401)
  })
})
