import assert from 'node:assert/strict'
import { pbkdf2Sync } from 'node:crypto'
import { suite, test } from 'node:test'
import { testClient } from 'dewar/testing'
import { ANN, createAccountsApp, db, User } from './accounts_app.ts'
import { bearer, clientOf, recordingLogger } from './fixtures.ts'

const { username, password } = ANN

suite('accounts', () => {
  test('register, log in, refresh, log out', async () => {
    await using client = clientOf(createAccountsApp())
    const registered = await client.post('/auth/register', { json: ANN })
    assert.deepEqual(
      [registered.status, registered.json()],
      [201, { message: 'User registered successfully', user_id: 1 }],
    )
    const first = (await client.post('/auth/login', { json: { username, password } })).json()
    assert.deepEqual((await client.get('/me', bearer(first.access_token))).json(), {
      id: '1',
      roles: ['user'],
    })
    const refreshed = await client.post('/auth/refresh', bearer(first.refresh_token))
    const next = refreshed.json()
    assert.deepEqual(Object.keys(next), ['access_token', 'refresh_token'])
    const out = await client.post('/auth/logout', bearer(next.access_token))
    assert.equal(out.status, 204)
    assert.equal((await client.get('/me', bearer(next.access_token))).status, 401)
  })

  test('bodies that are not as they should be', async () => {
    await using client = clientOf(createAccountsApp())
    const status = async (path: string, json: unknown) => (await client.post(path, { json })).status
    for (const json of [{}, [], null, 'text', { ...ANN, password: 5 }, { ...ANN, username: '' }]) {
      assert.equal(await status('/auth/register', json), 400)
      assert.equal(await status('/auth/login', json), 400)
    }
    assert.equal(await status('/auth/register', { ...ANN, email: 'nowhere' }), 422)
    assert.equal(await status('/auth/register', { ...ANN, email: 'a@b\r\nBcc: c@d' }), 422)
    assert.equal(await status('/auth/register', { ...ANN, username: '\u0000' }), 422)
    assert.equal(await status('/auth/register', { ...ANN, username: 'x'.repeat(81) }), 422)
    assert.equal(await status('/auth/register', { ...ANN, password: 'password' }), 422)
    assert.equal(await status('/auth/register', { ...ANN, password: 'x'.repeat(2000) }), 422)
    assert.equal(await status('/auth/login', { ...ANN, password: 'x'.repeat(2000) }), 401)
    const text = await client.post('/auth/login', { body: '{', headers: JSON_TYPE })
    assert.equal(text.status, 400)
    const form = await client.post('/auth/login', { form: { username, password } })
    assert.equal(form.status, 415)
  })

  test('of many who register one name at once, one gets it', async () => {
    await using client = clientOf(createAccountsApp())
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => client.post('/auth/register', { json: ANN })),
    )
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b)
    assert.deepEqual(statuses, [201, 409, 409, 409, 409, 409])
    const other = await client.post('/auth/register', {
      json: { ...ANN, username: 'other', email: 'ANN@Example.com' },
    })
    assert.equal(other.status, 409)
  })

  test('an unknown user and a wrong password get the same answer', async () => {
    await using client = clientOf(createAccountsApp())
    await client.post('/auth/register', { json: ANN })
    const wrong = await client.post('/auth/login', { json: { username, password: 'wrong' } })
    const unknown = await client.post('/auth/login', { json: { username: 'bob', password } })
    assert.equal(wrong.status, 401)
    assert.deepEqual(unknown.json(), wrong.json())
    assert.deepEqual(Object.keys(unknown.headers), Object.keys(wrong.headers))
  })

  test('changing the password signs out all other devices', async () => {
    await using client = clientOf(createAccountsApp())
    await client.post('/auth/register', { json: ANN })
    const logIn = async (with_: string) =>
      client.post('/auth/login', { json: { username, password: with_ } })
    const [here, there] = [(await logIn(password)).json(), (await logIn(password)).json()]
    const change = (json: object) =>
      client.post('/auth/password', { json, ...bearer(here.access_token) })
    const next = 'another good password'
    assert.equal((await change({ password: 'wrong', new_password: next })).status, 401)
    assert.equal((await change({ password, new_password: 'password1' })).status, 422)
    assert.equal((await change({ password, new_password: next })).status, 204)
    assert.equal((await client.get('/me', bearer(here.access_token))).status, 200)
    assert.equal((await client.get('/me', bearer(there.access_token))).status, 401)
    assert.equal((await logIn(password)).status, 401)
    assert.equal((await logIn(next)).status, 200)
  })

  test('devices: the list, one, all', async () => {
    await using client = clientOf(createAccountsApp())
    await client.post('/auth/register', { json: ANN })
    const logIn = async (agent: string) => {
      const headers = { 'user-agent': agent }
      return (await client.post('/auth/login', { json: { username, password }, headers })).json()
    }
    const [phone, laptop] = [await logIn('phone'), await logIn('laptop')]
    const here = bearer(laptop.access_token)
    const { devices } = (await client.get('/auth/devices', here)).json()
    const named = devices.map((each: Record<string, unknown>) => [
      each['device'],
      each['is_current'],
    ])
    assert.deepEqual(named.toSorted(), [
      ['laptop', true],
      ['phone', false],
    ])
    const phoneId = devices.find((each: { device: string }) => each.device === 'phone').id
    assert.equal((await client.delete(`/auth/devices/${phoneId}`, here)).status, 204)
    assert.equal((await client.delete(`/auth/devices/${phoneId}`, here)).status, 404)
    assert.equal((await client.get('/me', bearer(phone.access_token))).status, 401)
    assert.equal((await client.delete('/auth/devices', here)).status, 204)
    assert.equal((await client.get('/me', here)).status, 401)
  })

  test("Werkzeug's hashes are accepted, and made anew", async () => {
    const app = createAccountsApp()
    await using client = clientOf(app)
    const digest = pbkdf2Sync(password, 'salt', 1000, 32, 'sha256').toString('hex')
    const password_hash = `pbkdf2:sha256:1000$salt$${digest}`
    await app.withScope(() => db.insert(User, { username, email: ANN.email, password_hash }))
    assert.equal((await client.post('/auth/login', { json: { username, password } })).status, 200)
    const row = await app.withScope(() => db.get(User, 1))
    assert.match(String(row?.password_hash), /^\$argon2id\$/)
    assert.equal((await client.post('/auth/login', { json: { username, password } })).status, 200)
  })

  test('in cookies, where the app keeps tokens there', async () => {
    await using client = testClient(createAccountsApp({ auth: { locations: ['cookie'] } }))
    await client.post('/auth/register', { json: ANN })
    const { csrf_token } = (
      await client.post('/auth/login', { json: { username, password } })
    ).json()
    assert.equal((await client.get('/me')).status, 200)
    const headers = { 'x-csrf-token': csrf_token }
    assert.equal((await client.post('/auth/refresh', { headers })).status, 200)
    assert.equal((await client.post('/auth/logout')).status, 401)
  })

  test('leaves lines for the audit, without passwords, hashes or tokens', async () => {
    const { log, lines } = recordingLogger()
    await using client = clientOf(createAccountsApp({ log }))
    await client.post('/auth/register', { json: ANN })
    const { access_token } = (
      await client.post('/auth/login', { json: { username, password } })
    ).json()
    await client.post('/auth/login', { json: { username, password: 'wrong-guess' } })
    await client.post('/auth/login', { json: { username: 'my-password-by-mistake', password } })
    await client.post('/auth/logout', bearer(access_token))
    const events = lines().map(({ event, subject }) => [event, subject])
    assert.deepEqual(events, [
      ['account_registered', '1'],
      ['login_succeeded', '1'],
      ['login_failed', '1'],
      ['login_failed', undefined],
      ['logged_out', '1'],
    ])
    const text = JSON.stringify(lines())
    for (const secret of [password, 'wrong-guess', 'by-mistake', access_token, 'argon2']) {
      assert.ok(!text.includes(secret), secret)
    }
  })
})

const JSON_TYPE = { 'content-type': 'application/json' }
