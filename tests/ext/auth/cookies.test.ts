import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { testClient } from 'dewar/testing'
import { createApp } from './fixtures.ts'

const options = { locations: ['cookie', 'header'] } as const

suite('tokens in cookies', () => {
  test('no script can read them, no other host set them', async () => {
    await using client = testClient(createApp(options))
    const { headers } = await client.post('/in', { json: {} })
    const [access = '', refresh = '', csrf = ''] = [headers['set-cookie'] ?? []].flat()
    assert.match(
      access,
      /^__Host-access_token=[^;]+; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
    assert.match(refresh, /^__Host-refresh_token=[^;]+; .*HttpOnly; Secure; SameSite=Lax$/)
    assert.match(csrf, /^__Host-csrf_token=[^;]+; Max-Age=\d+; Path=\/; Secure; SameSite=Lax$/)
  })

  test('what changes something must repeat the CSRF token', async () => {
    await using client = testClient(createApp(options))
    const { csrf } = (await client.post('/in', { json: {} })).json()
    assert.equal(client.cookies.get('__Host-csrf_token'), csrf)
    assert.equal((await client.get('/me')).status, 200)
    const missing = await client.post('/me')
    assert.deepEqual([missing.status, missing.json().detail], [401, 'Missing CSRF token'])
    const wrong = await client.post('/me', { headers: { 'x-csrf-token': `${csrf}x` } })
    assert.equal(wrong.json().detail, 'CSRF double submit tokens do not match')
    const right = await client.post('/me', { headers: { 'x-csrf-token': csrf } })
    assert.equal(right.status, 200)
  })

  test('a cookie that an attacker sets beside its own header is of no use: the token says another', async () => {
    await using client = testClient(createApp(options))
    await client.post('/in', { json: {} })
    client.cookies.set('__Host-csrf_token', 'mine')
    const answer = await client.post('/me', { headers: { 'x-csrf-token': 'mine' } })
    assert.equal(answer.json().code, 'csrf_mismatch')
  })

  test('refreshing and signing out go by cookie too', async () => {
    await using client = testClient(createApp(options))
    const { csrf } = (await client.post('/in', { json: {} })).json()
    const headers = { 'x-csrf-token': csrf }
    const before = client.cookies.get('__Host-refresh_token')
    assert.equal((await client.post('/refresh')).status, 401)
    assert.equal((await client.post('/refresh', { headers })).status, 200)
    assert.notEqual(client.cookies.get('__Host-refresh_token'), before)
    const out = await client.post('/out', { headers })
    assert.equal(out.status, 200)
    const again = await client.get('/me')
    assert.deepEqual(
      [again.status, again.json().detail],
      [401, 'Missing cookie "__Host-access_token"'],
    )
  })

  test('a token in the header needs no CSRF token', async () => {
    await using client = testClient(createApp(options), { keepsCookies: false })
    const { access } = (await client.post('/in', { json: {} })).json()
    const headers = { authorization: `Bearer ${access}` }
    assert.equal((await client.post('/me', { headers })).status, 200)
  })

  test('over plain HTTP the names have no prefix; SameSite=None needs TLS', async () => {
    await using client = testClient(createApp({ ...options, cookies: { secure: false } }))
    await client.post('/in', { json: {} })
    assert.ok(client.cookies.get('access_token'))
    const cookies = { secure: false, sameSite: 'none' } as const
    assert.throws(() => createApp({ ...options, cookies }), /SameSite=None/)
  })
})
