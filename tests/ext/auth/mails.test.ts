import assert from 'node:assert/strict'
import { once } from 'node:events'
import { suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { smtpMailer } from 'dewar/auth'
import { SMTPServer } from 'smtp-server'
import { ANN, createAccountsApp } from './accounts_app.ts'
import { bearer, clientOf, recordingLogger, SECRET } from './fixtures.ts'

/** A real server, which keeps what it is sent. */
async function startMailServer() {
  const mails: string[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      let text = ''
      stream.on('data', (chunk) => (text += String(chunk)))
      stream.on('end', () => {
        mails.push(text.replaceAll('=\r\n', '').replaceAll('=3D', '='))
        done()
      })
    },
  })
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const address = server.server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const mailed = async (count: number) => {
    for (let i = 0; i < 200 && mails.length < count; i++) await sleep(20)
    assert.equal(mails.length, count)
    return mails.at(-1) ?? ''
  }
  const close = () => new Promise<void>((resolve) => server.close(resolve))
  return { url: `smtp://127.0.0.1:${port}`, mails, mailed, [Symbol.asyncDispose]: close }
}

function mailOptions(url: string) {
  return {
    mailer: smtpMailer({ url, from: 'The club <club@example.com>' }),
    secret: SECRET,
    confirmURL: (token: string) => `https://club.example/confirm?token=${token}`,
    resetURL: (token: string) => `https://club.example/reset?token=${token}`,
  }
}

const tokenIn = (mail: string) => /token=([\w.-]+)/.exec(mail)?.[1] ?? ''
const { username, password, email } = ANN

suite('mails', () => {
  test('registration is finished by a mail; who has an account is told to nobody else', async () => {
    await using server = await startMailServer()
    const app = createAccountsApp({ mail: mailOptions(server.url), parts: { onTaken: 'mail' } })
    await using client = clientOf(app)
    const first = await client.post('/auth/register', { json: ANN })
    assert.equal(first.status, 202)
    const confirmation = await server.mailed(1)
    assert.match(confirmation, /^To: ann@example.com\r$/m)
    const early = await client.post('/auth/login', { json: { username, password } })
    assert.deepEqual([early.status, early.json().code], [403, 'email_unconfirmed'])

    const again = await client.post('/auth/register', { json: { ...ANN, username: 'other' } })
    assert.deepEqual([again.status, again.json()], [first.status, first.json()])
    assert.match(await server.mailed(2), /You have an account already/)

    const token = tokenIn(confirmation)
    assert.equal((await client.post('/auth/confirm', { json: { token } })).status, 204)
    assert.equal((await client.post('/auth/login', { json: { username, password } })).status, 200)
    const broken = await client.post('/auth/confirm', { json: { token: `${token}x` } })
    assert.deepEqual([broken.status, broken.json().code], [400, 'link_invalid'])
  })

  test('a reset by mail: once, for one purpose, and it signs out everywhere', async () => {
    await using server = await startMailServer()
    const app = createAccountsApp({ mail: mailOptions(server.url), parts: { onTaken: 'mail' } })
    await using client = clientOf(app)
    await client.post('/auth/register', { json: ANN })
    const confirmation = tokenIn(await server.mailed(1))
    await client.post('/auth/confirm', { json: { token: confirmation } })
    const { access_token } = (
      await client.post('/auth/login', { json: { username, password } })
    ).json()
    const asked = await client.post('/auth/reset-request', { json: { email } })
    const unknown = await client.post('/auth/reset-request', { json: { email: 'no@example.com' } })
    assert.deepEqual([unknown.status, unknown.json()], [202, asked.json()])
    const token = tokenIn(await server.mailed(2))
    const next = 'another good password'
    const reset = (body: object) => client.post('/auth/reset', { json: body })
    assert.equal((await reset({ token: confirmation, password: next })).status, 400)
    assert.equal((await reset({ token, password: 'short' })).status, 422)
    assert.equal((await reset({ token, password: next })).status, 204)
    assert.equal((await reset({ token, password: next })).status, 400)
    assert.equal((await client.get('/me', bearer(access_token))).status, 401)
    const json = { username, password: next }
    assert.equal((await client.post('/auth/login', { json })).status, 200)
  })

  test('nobody can have a mailbox filled', async () => {
    await using server = await startMailServer()
    const app = createAccountsApp({ mail: mailOptions(server.url) })
    await using client = clientOf(app)
    await client.post('/auth/register', { json: ANN })
    await server.mailed(1)
    for (let i = 0; i < 20; i++) {
      const { status } = await client.post('/auth/reset-request', { json: { email } })
      assert.equal(status, 202)
    }
    await server.mailed(6)
  })

  test('a server that is not there fails nothing but the mail, and is logged', async () => {
    const { log, lines } = recordingLogger()
    const app = createAccountsApp({ mail: mailOptions('smtp://127.0.0.1:1'), log })
    {
      await using client = clientOf(app)
      assert.equal((await client.post('/auth/register', { json: ANN })).status, 201)
    }
    assert.ok(lines().some(({ msg }) => msg === 'a mail could not be sent'))
  })

  test('without mail nobody can be told in private', () => {
    assert.throws(() => createAccountsApp({ parts: { onTaken: 'mail' } }), /onTaken: 'conflict'/)
  })
})
