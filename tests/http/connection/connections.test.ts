import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect as connectHTTP2 } from 'node:http2'
import { connect } from 'node:net'
import { suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { App } from 'dewar'

/** What is not ended would be waited for longer, or for ever. */
const IN_TIME = { timeout: 10_000 }

/** An app whose one route takes its time. */
async function slowApp(fastify: { http2?: true } = {}) {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Fastify types a server for HTTP/2 as another one
  const app = new App('slow', { logger: false, fastify: fastify as {} })
  app.get('/', () => sleep(300, { done: true }))
  const address = await app.listen({ port: 0 })
  return { app, address, port: Number(new URL(address).port) }
}

suite('an app that closes', () => {
  test('ends connections on which nothing is owed, kept alive or silent', IN_TIME, async () => {
    const { app, address, port } = await slowApp()
    await (await fetch(address)).json()
    const silent = connect(port, '127.0.0.1')
    const half = connect(port, '127.0.0.1')
    half.write('GET / HTTP/1.1\r\nHost: a')
    await Promise.all([once(silent, 'connect'), once(half, 'connect')])
    const ended = [silent, half].map((socket) => {
      // A half request is ended with a reset.
      socket.resume().on('error', () => {})
      return new Promise((resolve) => void socket.once('close', resolve))
    })
    await app.close()
    await Promise.all(ended)
  })

  test('sends what is in flight, as the last on its connection', IN_TIME, async () => {
    const { app, address } = await slowApp()
    const answered = fetch(address)
    await sleep(100)
    const closed = app.close()
    const answer = await answered
    assert.equal(answer.headers.get('connection'), 'close')
    assert.deepEqual(await answer.json(), { done: true })
    await closed
  })

  test('ends idle connections of HTTP/2, too', IN_TIME, async () => {
    const { app, address } = await slowApp({ http2: true })
    const session = connectHTTP2(address)
    const stream = session.request({ ':path': '/' })
    assert.equal(Buffer.concat(await stream.toArray()).toString(), '{"done":true}')
    const ended = once(session, 'close')
    await app.close()
    await ended
  })
})
