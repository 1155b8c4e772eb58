import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { addressGroup } from '../../../src/ext/auth/accounts/address_group.ts'
import { ANN, createAccountsApp } from './accounts_app.ts'
import { clientOf, fakeClock } from './fixtures.ts'

const { username, password } = ANN

function logIn(client: ReturnType<typeof clientOf>, with_: string, address = '192.0.2.1') {
  const headers = { 'x-forwarded-for': address }
  return client.post('/auth/login', { json: { username, password: with_ }, headers })
}

function createClient(options: Parameters<typeof createAccountsApp>[0] = {}) {
  const app = createAccountsApp({ throttle: { maxDelay: '5ms' }, ...options })
  return clientOf(app)
}

suite('guessing passwords', () => {
  const trusting = { trustProxy: true }

  test('after ten wrong ones from an address even the right one is refused there, but nowhere else', async () => {
    const clock = fakeClock()
    await using client = createClient({ clock: clock.now, app: trusting })
    await client.post('/auth/register', { json: ANN })
    for (let i = 0; i < 10; i++) assert.equal((await logIn(client, `guess ${i}`)).status, 401)
    const refused = await logIn(client, password)
    assert.equal(refused.status, 429)
    assert.equal(refused.json().code, 'too_many_attempts')
    assert.ok(Number(refused.headers['retry-after']) > 0)
    assert.equal((await logIn(client, password, '192.0.2.2')).status, 200)
    clock.pass(15 * 60_000 + 1)
    assert.equal((await logIn(client, password)).status, 200)
  })

  test('many at once are counted before the first is answered', async () => {
    await using client = createClient()
    await client.post('/auth/register', { json: ANN })
    const guesses = Array.from({ length: 40 }, (_, i) => logIn(client, `guess ${i}`))
    const answers = await Promise.all(guesses)
    const tried = answers.filter(({ status }) => status === 401)
    assert.equal(tried.length, 10)
    assert.equal(answers.filter(({ status }) => status === 429).length, 30)
  })

  test('the right one clears what went wrong before', async () => {
    await using client = createClient()
    await client.post('/auth/register', { json: ANN })
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 9; i++) assert.equal((await logIn(client, 'guess')).status, 401)
      assert.equal((await logIn(client, password)).status, 200)
    }
  })

  test('names that nobody has are counted in the same way', async () => {
    await using client = createClient()
    const guess = () => client.post('/auth/login', { json: { username: 'nobody', password } })
    for (let i = 0; i < 10; i++) assert.equal((await guess()).status, 401)
    assert.equal((await guess()).status, 429)
  })

  test('from many addresses: the owner waits, and comes in', async () => {
    await using client = createClient({ app: trusting })
    await client.post('/auth/register', { json: ANN })
    for (let i = 0; i < 60; i++) {
      assert.equal((await logIn(client, 'guess', `198.51.100.${i}`)).status, 401)
    }
    assert.equal((await logIn(client, password, '192.0.2.7')).status, 200)
  })
})

test('addresses of IPv6 are counted by their network', () => {
  assert.equal(addressGroup('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2::/64')
  assert.equal(addressGroup('2001:0db8:0001:2::1'), '2001:db8:1:2::/64')
  assert.equal(addressGroup('2001:db8::1'), '2001:db8:0:0::/64')
  assert.equal(addressGroup('::1'), '0:0:0:0::/64')
  assert.equal(addressGroup('fe80::1%eth0'), 'fe80:0:0:0::/64')
  assert.equal(addressGroup('::ffff:192.0.2.1'), '192.0.2.1')
  assert.equal(addressGroup('192.0.2.1'), '192.0.2.1')
  fc.assert(
    fc.property(fc.ipV6(), fc.ipV4(), (six, four) => {
      assert.match(addressGroup(six), /^([\da-f]{1,4}:){4}:\/64$|^\d+\.\d+\.\d+\.\d+$/)
      assert.equal(addressGroup(four), four)
    }),
  )
})
