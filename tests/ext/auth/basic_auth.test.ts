import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { App } from 'dewar'
import {
  accounts,
  authentication,
  basicAuth,
  databaseAccounts,
  memoryAttemptStore,
  memoryTokenStore,
} from 'dewar/auth'
import { testClient } from 'dewar/testing'
import { ANN, db, User } from './accounts_app.ts'
import { SECRET } from './fixtures.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')
const as = (text: string) => ({ headers: { authorization: text } })

function createApp(): App {
  const auth = authentication()
  const byPassword = basicAuth({
    verify: (_c, username, password) =>
      username === 'ann' && password === 'a:b é' ? { id: '7', roles: ['admin'] } : undefined,
  })
  const app = new App('shop', { logger: false }).install(auth, {
    tokens: false,
    also: [byPassword],
  })
  app.get('/me', { use: [auth.signedIn({ role: 'admin', fresh: true })] }, ({ user }) => user)
  return app
}

suite('basicAuth()', () => {
  test('lets in by name and password, which may have colons and letters of all kinds', async () => {
    await using client = testClient(createApp())
    for (const scheme of ['Basic', 'basic', 'BASIC ']) {
      const answer = await client.get('/me', as(`${scheme} ${base64('ann:a:b é')}`))
      assert.deepEqual(answer.json(), { id: '7', roles: ['admin'] })
    }
  })

  test('refuses all else with 401 and the challenge', async () => {
    await using client = testClient(createApp())
    const wrong = ['ann:wrong', 'bob:a:b é', 'ann', ':', ':x', 'ann:a\u0000b'].map(base64)
    for (const each of [...wrong, '', '%%%', 'YW5u YTpi', base64('\u00ff').slice(1)]) {
      const { status, headers } = await client.get('/me', as(`Basic ${each}`))
      assert.equal(status, 401, each)
      assert.equal(headers['www-authenticate'], 'Basic realm="shop", charset="UTF-8"')
    }
    assert.equal((await client.get('/me')).json().detail, 'Missing username and password')
    assert.equal((await client.get('/me', as('Bearer x'))).status, 401)
  })

  test('checks the passwords of accounts, beside their tokens, and slows guessing down', async () => {
    const auth = authentication()
    const members = accounts(auth, { users: databaseAccounts(db, User), onTaken: 'conflict' })
    const byPassword = basicAuth({
      async verify(c, username, password) {
        const account = await members.verify(c, username, password)
        return account && { id: account.subject }
      },
    })
    const app = new App('club', { logger: false })
      .install(db, { url: 'sqlite::memory:' })
      .install(auth, { secret: SECRET, store: memoryTokenStore(), also: [byPassword] })
      .install(members, {
        attempts: memoryAttemptStore(),
        hashing: { memoryKiB: 64, passes: 1 },
        throttle: { maxFailures: 3 },
      })
      .onStart(() => db.createTables())
    app.get('/me', { use: [auth.signedIn()] }, ({ identity }) => identity.by)
    await using client = testClient(app)
    await client.post('/auth/register', { json: ANN })
    const right = as(`Basic ${base64(`${ANN.username}:${ANN.password}`)}`)
    assert.equal((await client.get('/me', right)).text, 'basic')
    const wrong = as(`Basic ${base64(`${ANN.username}:wrong`)}`)
    for (let i = 0; i < 3; i++) assert.equal((await client.get('/me', wrong)).status, 401)
    assert.equal((await client.get('/me', wrong)).status, 429)
    assert.equal((await client.get('/me', right)).status, 429)
  })
})
