import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { suite, test } from 'node:test'
import { App, jsonList } from 'dewar'
import { z } from 'dewar/schema'
import { testClient } from 'dewar/testing'

const output = z.array(z.object({ id: z.int() }))

/** An app that lists what `items` gives, and what became of those. */
function listing(items: () => AsyncGenerator<{ id: number }>) {
  const seen = { begun: 0, ended: 0 }
  const app = new App('lists', { logger: false })
  app.get('/', { output }, () => jsonList(watched()))
  async function* watched() {
    seen.begun += 1
    try {
      yield* items()
    } finally {
      seen.ended += 1
    }
  }
  return { app, seen }
}

/** @param failsAt the item in whose place an error comes */
async function* count(until: number, failsAt = 0) {
  for (let id = 1; id <= until; id++) {
    if (id === failsAt) throw new Error('no more')
    yield { id }
  }
}

suite('a list', () => {
  test('that is short is answered whole, with its length', async () => {
    await using client = testClient(listing(() => count(100)).app)
    const { headers, text } = await client.get('/')
    assert.deepEqual(
      [headers['content-length'], headers['transfer-encoding']],
      [`${text.length}`, undefined],
    )
    assert.equal(JSON.parse(text).length, 100)
  })

  test('that is long is streamed', async () => {
    await using client = testClient(listing(() => count(20_000)).app)
    const { headers, text } = await client.get('/')
    assert.equal(headers['content-length'], undefined)
    assert.deepEqual(JSON.parse(text).at(-1), { id: 20_000 })
  })

  test('that fails in its beginning is an error like any other', async () => {
    const { app, seen } = listing(() => count(100, 50))
    await using client = testClient(app, { raises: false })
    const answer = await client.get('/')
    assert.equal(answer.status, 500)
    assert.match(String(answer.headers['content-type']), /^application\/problem\+json/)
    assert.equal(seen.ended, 1)
  })

  test('that fails later breaks the connection', async () => {
    const { app, seen } = listing(() => count(20_000, 19_999))
    const { url } = await listen(app)
    await assert.rejects(async () => (await fetch(url)).text())
    assert.equal(seen.ended, 1)
    await app.close()
  })

  test('that is an error’s answer, and fails too, breaks the connection', async () => {
    const app = new App('lists', { logger: false })
    app.onError(Error, () => jsonList(count(1, 1)))
    app.get('/', () => {
      throw new Error('no')
    })
    const { url } = await listen(app)
    await assert.rejects(fetch(url))
    await app.close()
  })

  test('is not begun for HEAD', async () => {
    const { app, seen } = listing(() => count(100))
    await using client = testClient(app)
    const { status, text } = await client.head('/')
    assert.deepEqual({ status, text, begun: seen.begun }, { status: 200, text: '', begun: 0 })
  })

  test('is ended for a client that goes away before anything is sent', async () => {
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>()
    const { promise: gone, resolve: leave } = Promise.withResolvers<void>()
    const { app, seen } = listing(async function* () {
      ask()
      await gone
      yield* count(1_000_000)
    })
    const { port } = await listen(app)
    const closed = new Promise<void>((resolve) =>
      app.fastify.server.once('connection', (socket) => socket.once('close', () => resolve())),
    )
    const socket = connect(port, '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await asked
    socket.destroy()
    await once(socket, 'close')
    await closed
    leave()
    await new Promise((resolve) => setTimeout(resolve, 100))
    assert.deepEqual(seen, { begun: 1, ended: 1 })
    await app.close()
  })
})

async function listen(app: App): Promise<{ url: string; port: number }> {
  await app.listen({ port: 0 })
  const address = app.fastify.server.address()
  assert.ok(typeof address === 'object' && address !== null)
  return { url: `http://127.0.0.1:${address.port}/`, port: address.port }
}
