import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { abort, App, type Logger } from 'dewar'
import {
  type APIKeyOptions,
  apiKeyModels,
  apiKeys,
  authentication,
  databaseKeyStore,
  type KeyStore,
  memoryKeyStore,
  memoryTokenStore,
  type NewKey,
} from 'dewar/auth'
import { runCommand } from 'dewar/cli'
import { database } from 'dewar/db'
import { testClient } from 'dewar/testing'
import { fakeClock, recordingLogger, SECRET } from './fixtures.ts'

const db = database([...apiKeyModels])
const keys = apiKeys({ query: 'key' })
const auth = authentication()

type Options = APIKeyOptions & { log?: Logger }

function createApp({ log, ...options }: Options = {}): App {
  const app = new App('The Shop', { logger: log ?? false })
    .install(db, { url: 'sqlite::memory:' })
    .install(keys, { store: databaseKeyStore(db), ...options })
    .install(auth, { tokens: false, also: [keys] })
    .onStart(() => db.createTables())
  app.get('/me', { use: [auth.signedIn()] }, ({ user, identity }) => ({ user, by: identity.by }))
  app.get('/orders', { use: [auth.signedIn({ scope: 'orders:read' })] }, () => [])
  app.get('/maybe', { use: [auth.signedIn({ optional: true })] }, ({ user }) => ({
    id: user?.id ?? null,
  }))
  const anybody = auth.requires(() => true)
  app.get('/some', { use: [anybody] }, () => [])
  app.get('/both', { use: [auth.signedIn({ scope: ['a', 'orders:read'] }), anybody] }, () => [])
  app.post('/fail', { use: [auth.signedIn()] }, () => {
    abort(409, 'refused')
  })
  return app
}

const issue = (app: App, key: Partial<NewKey> = {}) =>
  app.withScope(() => keys.issue({ name: 'reports', ...key }))
const withKey = (key: string) => ({ headers: { 'x-api-key': key } })

suite('issued keys', () => {
  test('let in, in the header or in the query, as whom they belong to', async () => {
    const app = createApp()
    await using client = testClient(app)
    const { key, id } = await issue(app)
    const owned = await issue(app, { subject: '7' })
    assert.match(key, new RegExp(`^theshop_${id}_[0-9A-Za-z]{38}$`))
    const own = await client.get('/me', withKey(key))
    assert.deepEqual(own.json(), { user: { id: `key:${id}` }, by: 'api_key' })
    const other = await client.get('/me', { query: { key: owned.key } })
    assert.equal(other.json().user.id, '7')
    assert.equal((await client.get('/maybe', withKey(owned.key))).json().id, '7')
    assert.equal((await client.get('/maybe')).json().id, null)
  })

  test('that are missing, mistyped, made up or repeated are 401', async () => {
    const app = createApp()
    await using client = testClient(app)
    const { key } = await issue(app)
    const missing = await client.get('/me')
    assert.equal(missing.status, 401)
    assert.equal(missing.json().detail, 'Missing API key')
    assert.equal(missing.headers['www-authenticate'], 'ApiKey realm="The Shop"')
    const other = createApp({ prefix: 'other' })
    const foreign = await issue(other)
    await other.close()
    const wrong = [`${key}x`, key.slice(1), `${key}, ${key}`, 'x', foreign.key, key.toUpperCase()]
    for (const each of wrong) {
      const answer = await client.get('/me', withKey(each))
      assert.deepEqual([answer.status, answer.json().detail], [401, 'Invalid API key'], each)
    }
    assert.equal((await client.get(`/me?key=x&key=${key}`)).status, 401)
    const both = await client.get('/me', { ...withKey('wrong'), query: { key } })
    assert.equal(both.status, 401)
  })

  test('are not kept: the table has neither the key nor its secret', async () => {
    const app = createApp()
    await app.ready()
    const { key } = await issue(app)
    const [row] = await app.withScope(() => db.find(apiKeyModels[0]).all())
    assert.ok(!JSON.stringify(row).includes(key.split('_')[2]!))
    await app.close()
  })

  test('with scopes may only what asks for one of them', async () => {
    const app = createApp()
    await using client = testClient(app)
    const { key } = await issue(app, { scopes: ['orders:read'] })
    const other = await issue(app, { scopes: ['orders:write'] })
    const all = await issue(app)
    const status = async (path: string, each: string) =>
      (await client.get(path, withKey(each))).status
    assert.deepEqual([await status('/orders', key), await status('/both', key)], [200, 200])
    for (const path of ['/me', '/maybe', '/some']) assert.equal(await status(path, key), 403, path)
    assert.equal(await status('/orders', other.key), 403)
    for (const path of ['/orders', '/me', '/some']) assert.equal(await status(path, all.key), 200)
    const refused = await client.get('/orders', withKey(other.key))
    assert.equal(refused.json().detail, 'This needs the scope "orders:read".')
  })

  test('expire, and are revoked at once, also when the request that does it fails', async () => {
    const clock = fakeClock()
    const app = createApp({ clock: clock.now })
    await using client = testClient(app)
    const short = await issue(app, { lifetime: '1h' })
    const long = await issue(app)
    clock.pass(3_599_000)
    assert.equal((await client.get('/me', withKey(short.key))).status, 200)
    clock.pass(1000)
    const expired = await client.get('/me', withKey(short.key))
    assert.deepEqual([expired.status, expired.json().detail], [401, 'This API key has expired'])
    const broken = app.withScope(async () => {
      assert.equal(await keys.revoke(long.id, 'somebody else'), false)
      assert.equal(await keys.revoke(long.id), true)
      throw new Error('broken')
    })
    await assert.rejects(broken, /broken/)
    const revoked = await client.get('/me', withKey(long.key))
    assert.equal(revoked.json().detail, 'This API key has been revoked')
  })

  test('say when they were last used, to the minute, whatever becomes of the request', async () => {
    const clock = fakeClock()
    const app = createApp({ clock: clock.now })
    await using client = testClient(app)
    const { key } = await issue(app)
    const usedAt = async () => (await app.withScope(() => keys.list()))[0]?.usedAt?.getTime()
    assert.equal(await usedAt(), undefined)
    const first = clock.now()
    assert.equal((await client.post('/fail', withKey(key))).status, 409)
    assert.equal(await usedAt(), first)
    clock.pass(59_000)
    await client.get('/me', withKey(key))
    assert.equal(await usedAt(), first)
    clock.pass(1000)
    await client.get('/me', withKey(key))
    assert.equal(await usedAt(), clock.now())
  })

  test('let in where their use cannot be noted', async () => {
    const memory = memoryKeyStore()
    const store: KeyStore = {
      add: (key) => memory.add(key),
      find: (id) => memory.find(id),
      list: (subject) => memory.list(subject),
      revoke: (id, at) => memory.revoke(id, at),
      use: () => Promise.reject(new Error('read-only')),
    }
    const { log, lines } = recordingLogger()
    const app = createApp({ store, log })
    await using client = testClient(app)
    const { key, id } = await issue(app)
    assert.equal((await client.get('/me', withKey(key))).status, 200)
    const [line] = lines()
    assert.deepEqual([line?.['level'], line?.['api_key']], [40, id])
  })

  test('are refused when they are made wrong', async () => {
    const app = createApp()
    for (const key of [{ name: ' ' }, { scopes: [] }, { scopes: ['a b'] }, { scopes: [''] }]) {
      await assert.rejects(issue(app, key), TypeError)
    }
    await app.close()
  })
})

suite('static keys', () => {
  const options = {
    store: undefined,
    static: {
      reports: 'a key of the configuration',
      limited: { key: 'another of them', scopes: ['orders:read'] },
      unset: undefined,
      empty: '',
    },
  }

  test('let in by their name, and by their scopes', async () => {
    await using client = testClient(createApp(options))
    const reports = await client.get('/me', withKey('a key of the configuration'))
    assert.deepEqual(reports.json(), { user: { id: 'reports' }, by: 'api_key' })
    assert.equal((await client.get('/orders', withKey('another of them'))).status, 200)
    assert.equal((await client.get('/me', withKey('another of them'))).status, 403)
  })

  test('that are unset or empty let nobody in', async () => {
    await using client = testClient(createApp(options))
    for (const key of ['', 'undefined', 'null', ' ']) {
      assert.equal((await client.get('/me', withKey(key))).status, 401, key)
      assert.equal((await client.get('/me', { query: { key } })).status, 401, key)
    }
  })

  test('are not issued', async () => {
    const app = createApp(options)
    await assert.rejects(issue(app), /without a `store`/)
    await app.close()
    assert.throws(() => createApp({ store: undefined }), /static/)
  })
})

suite('apiKeys()', () => {
  test('stand beside tokens; a header of another name; users are loaded', async () => {
    const members = new Map([['7', { id: '7', name: 'Ann' }]])
    const people = authentication({ loadUser: ({ sub }) => members.get(sub) })
    const cards = apiKeys({
      header: 'X-Card',
      loadUser: ({ principal }) => members.get(principal.id),
      texts: { unknown: 'No such card' },
    })
    const app = new App('door', { logger: false })
      .install(cards, { store: memoryKeyStore() })
      .install(people, { secret: SECRET, store: memoryTokenStore(), also: [cards] })
    app.get('/me', { use: [people.signedIn()] }, ({ user }) => user.name)
    app.post('/in', async (c) => (await people.signIn(c, '7')).access.token)
    await using client = testClient(app)
    const token = (await client.post('/in')).text
    const byToken = await client.get('/me', { headers: { authorization: `Bearer ${token}` } })
    assert.equal(byToken.text, 'Ann')
    const card = await app.withScope(() => cards.issue({ name: 'Ann’s', subject: '7' }))
    const gone = await app.withScope(() => cards.issue({ name: 'Bob’s', subject: '8' }))
    const get = (key: string) => client.get('/me', { headers: { 'x-card': key } })
    assert.equal((await get(card.key)).text, 'Ann')
    const refused = await get(gone.key)
    assert.deepEqual([refused.status, refused.json().detail], [401, 'No such card'])
    const missing = await client.get('/me')
    assert.equal(missing.headers['www-authenticate'], 'Bearer realm="door", ApiKey realm="door"')
  })

  test('without tokens, what needs them says so', async () => {
    await using app = createApp()
    await assert.rejects(
      app.withScope(() => auth.devices('7')),
      /tokens: false/,
    )
  })
})

test('dewar keys: create, list, revoke', async () => {
  const app = createApp()
  await using client = testClient(app)
  const run = async (...argv: string[]) => {
    const lines: string[] = []
    const code = await runCommand(app, ['keys', ...argv], (line) => lines.push(line))
    return { code, lines }
  }
  assert.deepEqual((await run('list')).lines, ['There are no keys.'])
  const scopes = ['--scopes', 'orders:read orders:write']
  const made = await run('create', 'For reports', '--subject', '7', '--lifetime', '90d', ...scopes)
  const [key = ''] = made.lines
  const id = key.split('_')[1]!
  assert.match(made.lines[1]!, new RegExp(`^Its id is ${id}\\.`))
  assert.equal((await client.get('/orders', withKey(key))).status, 200)
  const [line = ''] = (await run('list')).lines
  assert.match(
    line,
    new RegExp(
      `^${id}  For reports: of 7, may orders:read orders:write, until [\\d-]{10}, used [\\d-]{10}$`,
    ),
  )
  assert.ok(!line.includes(key))
  assert.deepEqual(await run('revoke', id), { code: 0, lines: [`Revoked ${id}.`] })
  assert.equal((await run('revoke', id)).code, 1)
  assert.match((await run('list', '--subject', '7')).lines[0]!, /revoked [\d-]{10}/)
  assert.equal((await client.get('/orders', withKey(key))).status, 401)
  await assert.rejects(run('create', 'x', '--lifetime', 'soon'), /Not a duration/)
})
