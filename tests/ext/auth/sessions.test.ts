import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import {
  bearer,
  clientOf,
  createApp,
  createDatabaseApp,
  fakeClock,
  recordingLogger,
  signIn,
} from './fixtures.ts'

suite('refreshing', () => {
  test('replaces both tokens; the old ones are of no more use', async () => {
    const clock = fakeClock()
    await using client = clientOf(createDatabaseApp({ clock: clock.now }))
    const first = await signIn(client, { role: 'admin' })
    const second = (await client.post('/refresh', bearer(first.refresh))).json()
    assert.notEqual(second.refresh, first.refresh)
    assert.equal((await client.get('/me', bearer(second.access))).status, 200)
    clock.pass(60_000)
    const third = await client.post('/refresh', bearer(second.refresh))
    assert.equal(third.status, 200)
  })

  test('an old token that comes again ends its family, and is logged', async () => {
    const clock = fakeClock()
    const { log, lines } = recordingLogger()
    await using client = clientOf(createDatabaseApp({ clock: clock.now, log }))
    const first = await signIn(client)
    const other = await signIn(client)
    const second = (await client.post('/refresh', bearer(first.refresh))).json()
    clock.pass(11_000)
    const thief = await client.post('/refresh', bearer(first.refresh))
    assert.deepEqual([thief.status, thief.json().detail], [401, 'Token has been revoked'])
    for (const token of [second.access, first.access]) {
      assert.equal((await client.get('/me', bearer(token))).status, 401)
    }
    assert.equal((await client.post('/refresh', bearer(second.refresh))).status, 401)
    assert.equal((await client.get('/me', bearer(other.access))).status, 200)
    const line = lines().find(({ event }) => event === 'refresh_token_reused')
    assert.equal(line?.['subject'], '7')
    assert.ok(!JSON.stringify(lines()).includes(first.refresh.slice(-20)))
  })

  test('tabs side by side: the same token within seconds gives tokens that all work', async () => {
    await using client = clientOf(createDatabaseApp())
    const { refresh } = await signIn(client)
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => client.post('/refresh', bearer(refresh))),
    )
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200, 200],
    )
    const [one, two] = answers.map((each) => each.json())
    assert.equal((await client.get('/me', bearer(one.access))).status, 200)
    assert.equal((await client.post('/refresh', bearer(two.refresh))).status, 200)
    assert.equal((await client.post('/refresh', bearer(one.refresh))).status, 200)
  })

  test('ends with the session: however often it is refreshed, a password is asked in the end', async () => {
    const clock = fakeClock()
    const options = { clock: clock.now, refreshLifetime: '2d', sessionLifetime: '3d' } as const
    await using client = clientOf(createApp(options))
    let { refresh } = await signIn(client)
    for (let day = 0; day < 2; day++) {
      clock.pass(86_400_000)
      refresh = (await client.post('/refresh', bearer(refresh))).json().refresh
    }
    clock.pass(86_400_000)
    assert.equal((await client.post('/refresh', bearer(refresh))).json().code, 'token_expired')
  })
})

suite('signing out', () => {
  test('here: no token of this device counts, those of others do', async () => {
    await using client = clientOf(createDatabaseApp())
    const [here, there] = [await signIn(client), await signIn(client)]
    assert.equal((await client.get('/me', bearer(here.access))).status, 200)
    await client.post('/out', bearer(here.access))
    assert.equal((await client.get('/me', bearer(here.access))).status, 401)
    assert.equal((await client.post('/refresh', bearer(here.refresh))).status, 401)
    assert.equal((await client.get('/me', bearer(there.access))).status, 200)
  })

  test('everywhere else, and the list of devices', async () => {
    await using client = clientOf(createDatabaseApp())
    const tokens = [await signIn(client), await signIn(client), await signIn(client)]
    const [here] = tokens
    const other = await signIn(client, { sub: '8' })
    const listed = (await client.get('/devices', bearer(here!.access))).json()
    assert.equal(listed.length, 3)
    assert.equal(listed[0].address, '127.0.0.1')
    const { count } = (await client.post('/out-everywhere', bearer(here!.access))).json()
    assert.equal(count, 2)
    const statuses = await Promise.all(
      [...tokens, other].map(
        async ({ access }) => (await client.get('/me', bearer(access))).status,
      ),
    )
    assert.deepEqual(statuses, [200, 401, 401, 200])
  })

  test('one token alone', async () => {
    await using client = clientOf(createDatabaseApp())
    const { access, refresh } = await signIn(client)
    await client.post('/revoke', bearer(access))
    assert.equal((await client.get('/me', bearer(access))).status, 401)
    assert.equal((await client.post('/refresh', bearer(refresh))).status, 200)
  })
})
