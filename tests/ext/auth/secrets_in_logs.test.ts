import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { suite, test } from 'node:test'
import type { App, Logger } from 'dewar'
import { pino } from 'pino'
import { createApp as createShop } from '../../../examples/cookies/app.ts'
import { readConfig as readShopConfig } from '../../../examples/cookies/config.ts'
import { createApp as createTasks } from '../../../examples/tasks/app.ts'
import { readConfig as readTasksConfig } from '../../../examples/tasks/config.ts'
import { bearer } from './fixtures.ts'

/** A logger of everything, and what it wrote. */
function fullLog(): { logger: Logger; written: () => string } {
  const chunks: string[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk))
      done()
    },
  })
  return { logger: pino({ level: 'trace' }, stream), written: () => chunks.join('') }
}

/** Ask over a real connection, so that the access log is written too. */
async function serving(app: App, work: (ask: Ask) => Promise<void>): Promise<void> {
  try {
    const base = await app.listen({ port: 0 })
    await work((method, path, { json, headers = {} } = {}) => {
      if (json === undefined) return fetch(base + path, { method, headers })
      const body = JSON.stringify(json)
      return fetch(base + path, { method, body, headers: { 'content-type': 'application/json' } })
    })
  } finally {
    await app.close()
  }
}

interface Sent {
  json?: unknown
  headers?: Record<string, string>
}
type Ask = (method: string, path: string, sent?: Sent) => Promise<Response>

function assertNone(text: string, secrets: Readonly<Record<string, string>>): void {
  assert.match(text, /"msg":"request"/)
  for (const [name, secret] of Object.entries(secrets)) {
    assert.ok(secret.length > 3, name)
    assert.ok(!text.includes(secret), `The log has the ${name}.`)
    assert.ok(!text.includes(encodeURIComponent(secret)), `The log has the ${name}.`)
  }
}

suite('the log of a full run has no secrets', () => {
  test('of the Task API: registering, signing in, refreshing, failing', async () => {
    const { logger, written } = fullLog()
    const config = readTasksConfig({ profile: 'testing', env: {} })
    const app = createTasks(config, { logger, accessLog: true })
    app.get('/boom', () => {
      throw new Error('broken')
    })
    const password = 'a pass phrase of the test'
    const secrets = { password, 'wrong password': 'not the pass phrase' }
    let tokens = { access_token: '', refresh_token: '' }
    let next = { access_token: '' }
    await serving(app, async (ask) => {
      const ann = { username: 'ann', email: 'ann@example.com', password }
      assert.equal((await ask('POST', '/auth/register', { json: ann })).status, 201)
      const login = await ask('POST', '/auth/login', { json: ann })
      tokens = (await login.json()) as typeof tokens
      const wrong = { ...ann, password: secrets['wrong password'] }
      assert.equal((await ask('POST', '/auth/login', { json: wrong })).status, 401)
      const asName = { username: password, password }
      assert.equal((await ask('POST', '/auth/login', { json: asName })).status, 401)
      const refresh = bearer(tokens.refresh_token)
      next = (await (await ask('POST', '/auth/refresh', refresh)).json()) as typeof next
      const access = bearer(next.access_token)
      assert.equal((await ask('GET', '/api/tasks/', access)).status, 200)
      const query = `access_token=${next.access_token}&%74oken=${tokens.access_token}`
      assert.equal((await ask('GET', `/boom?${query}`, access)).status, 500)
      const tampered = bearer(`${tokens.access_token}x`)
      assert.equal((await ask('GET', '/api/tasks/', tampered)).status, 422)
      assert.equal((await ask('POST', '/auth/logout', access)).status, 204)
    })
    assert.match(written(), /login_failed/)
    assert.match(written(), /"msg":"[^"]*error/i)
    assertNone(written(), {
      ...secrets,
      'access token': tokens.access_token,
      'refresh token': tokens.refresh_token,
      'second access token': next.access_token,
      'signing secret': config.jwtSecretKey,
    })
  })

  test('of the cookie shop: keys in the header and in the query', async () => {
    const { logger, written } = fullLog()
    const apiKey = 'the key/of the shop'
    const config = readShopConfig({ profile: 'testing', env: {}, overrides: { apiKey } })
    await serving(createShop(config, { logger, accessLog: true }), async (ask) => {
      const orders = '/api/v1/orders?page=1'
      assert.equal((await ask('GET', orders, { headers: { 'x-api-key': apiKey } })).status, 200)
      const inQuery = `${orders}&key=${encodeURIComponent(apiKey)}`
      assert.equal((await ask('GET', inQuery)).status, 200)
      assert.equal((await ask('GET', `${inQuery}x`)).status, 401)
    })
    assert.match(written(), /page=1&key=\*\*\*/)
    assertNone(written(), { key: apiKey })
  })
})
