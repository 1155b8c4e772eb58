import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { App } from 'dewar'
import {
  accounts,
  authentication,
  basicAuth,
  databaseAccounts,
  databaseAttemptStore,
  databaseSecondFactors,
  databaseTokenStore,
  authModels,
  secondFactorModels,
} from 'dewar/auth'
import { database } from 'dewar/db'
import { type TestClient, testClient } from 'dewar/testing'
import { totpAt } from '../../../src/token/totp.ts'
import { ANN, User } from './accounts_app.ts'
import { bearer, fakeClock, SECRET } from './fixtures.ts'

const { username, password } = ANN
const clock = fakeClock()
const codeOf = (secret: string, steps = 0) =>
  totpAt(secret, Math.floor(clock.now() / 30_000) + steps)

function createApp(maxFailures = 10): App {
  const db = database([User, ...authModels, ...secondFactorModels])
  const auth = authentication()
  const members = accounts(auth, { users: databaseAccounts(db, User), onTaken: 'conflict' })
  const byPassword = basicAuth({
    async verify(c, name, given) {
      const account = await members.verify(c, name, given)
      return account && { id: account.subject }
    },
  })
  const app = new App('club', { logger: false })
    .install(db, { url: 'sqlite::memory:' })
    .install(auth, { secret: SECRET, store: databaseTokenStore(db), also: [byPassword] })
    .install(members, {
      attempts: databaseAttemptStore(db),
      hashing: { memoryKiB: 64, passes: 1 },
      secondFactors: databaseSecondFactors(db),
      throttle: { maxFailures },
      clock: clock.now,
    })
    .onStart(() => db.createTables())
  app.get('/me', { use: [auth.signedIn()] }, ({ user }) => user)
  return app
}

const logIn = (client: TestClient, code?: string) =>
  client.post('/auth/login', { json: { username, password, ...(code !== undefined && { code }) } })

/** Ann, with a second factor. */
async function setUp(client: TestClient) {
  await client.post('/auth/register', { json: ANN })
  const token = (await logIn(client)).json().access_token
  const ask = (path: string, json: unknown) =>
    client.post(`/auth/second-factor${path}`, { ...bearer(token), json })
  const { secret, address } = (await ask('', { password })).json()
  const confirmed = await ask('/confirm', { code: codeOf(secret) })
  clock.pass(30_000)
  return { secret, address, ask, codes: confirmed.json().recovery_codes as string[] }
}

suite('a second factor', () => {
  test('is asked for when its first code was right, and not before', async () => {
    await using client = testClient(createApp())
    await client.post('/auth/register', { json: ANN })
    const token = (await logIn(client)).json().access_token
    const ask = (path: string, json: unknown) =>
      client.post(`/auth/second-factor${path}`, { ...bearer(token), json })
    assert.equal((await ask('', { password: 'wrong' })).status, 401)
    const { secret, address } = (await ask('', { password })).json()
    assert.match(address, /^otpauth:\/\/totp\/club:ann\?secret=[A-Z2-7]{32}&issuer=club/)
    assert.equal((await ask('/confirm', { code: '000000' })).status, 401)
    assert.equal((await logIn(client)).status, 200)
    const confirmed = await ask('/confirm', { code: codeOf(secret) })
    assert.equal(confirmed.json().recovery_codes.length, 10)
    const refused = await logIn(client)
    assert.deepEqual([refused.status, refused.json().code], [401, 'second_factor_required'])
    assert.equal((await client.post('/auth/second-factor', { json: { password } })).status, 401)
    assert.equal((await ask('', { password })).status, 409)
    assert.equal((await ask('/confirm', { code: codeOf(secret, 1) })).status, 409)
  })

  test('lets in with a code once: a step that was used is refused, also for many at once', async () => {
    await using client = testClient(createApp())
    const { secret } = await setUp(client)
    const code = codeOf(secret)
    const answers = await Promise.all(Array.from({ length: 5 }, () => logIn(client, code)))
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b)
    assert.deepEqual(statuses, [200, 401, 401, 401, 401])
    assert.equal((await logIn(client, code)).json().code, 'second_factor_invalid')
    assert.equal((await logIn(client, codeOf(secret, -1))).status, 401)
    clock.pass(30_000)
    assert.equal((await logIn(client, ` ${codeOf(secret)} `)).status, 200)
  })

  test('tells nothing to those who do not know the password', async () => {
    await using client = testClient(createApp())
    const { secret } = await setUp(client)
    const json = { username, password: 'wrong', code: codeOf(secret) }
    const answer = await client.post('/auth/login', { json })
    assert.deepEqual([answer.status, answer.json().code], [401, 'credentials_invalid'])
    assert.equal((await logIn(client, codeOf(secret))).status, 200)
  })

  test('can be replaced by a recovery code, each once', async () => {
    await using client = testClient(createApp())
    const { codes } = await setUp(client)
    const [first = '', second = ''] = codes
    assert.equal((await logIn(client, first.toLowerCase().replaceAll('-', ' '))).status, 200)
    assert.equal((await logIn(client, first)).status, 401)
    const answers = await Promise.all(Array.from({ length: 3 }, () => logIn(client, second)))
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b)
    assert.deepEqual(statuses, [200, 401, 401])
  })

  test('is guessed a few times and no more, from wherever; a right password does not clear the count', async () => {
    await using client = testClient(createApp(3))
    const { secret } = await setUp(client)
    for (let i = 0; i < 3; i++) assert.equal((await logIn(client, '000000')).status, 401)
    assert.equal((await logIn(client)).json().code, 'second_factor_required')
    const late = await logIn(client, codeOf(secret))
    assert.deepEqual([late.status, late.headers['retry-after'] !== undefined], [429, true])
    clock.pass(15 * 60_000)
    assert.equal((await logIn(client, codeOf(secret))).status, 200)
  })

  test('is removed with the password and a code', async () => {
    await using client = testClient(createApp())
    const { secret, ask } = await setUp(client)
    assert.equal((await ask('/remove', { password })).status, 400)
    assert.equal((await ask('/remove', { password, code: '000000' })).status, 401)
    assert.equal((await ask('/remove', { password: 'x', code: codeOf(secret) })).status, 401)
    assert.equal((await ask('/remove', { password, code: codeOf(secret) })).status, 204)
    assert.equal((await logIn(client)).status, 200)
  })

  test('is not got around by a password alone', async () => {
    await using client = testClient(createApp())
    const basic = { headers: { authorization: `Basic ${btoa(`${username}:${password}`)}` } }
    await client.post('/auth/register', { json: ANN })
    assert.equal((await client.get('/me', basic)).status, 200)
    await setUp(client)
    assert.equal((await client.get('/me', basic)).status, 401)
  })
})
