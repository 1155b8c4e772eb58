import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { App } from 'dewar'

/** What a server on `address` answers to `head`, sent without a body. */
async function answerTo(address: string, head: string): Promise<string> {
  const socket = connect(Number(new URL(address).port), '127.0.0.1')
  socket.write(`${head}\r\nhost: x\r\nconnection: close\r\n\r\n`)
  let answer = ''
  for await (const chunk of socket.setEncoding('latin1')) answer += chunk
  return answer
}

suite('a request without a body', () => {
  test('ends for whoever listens: parsers of Fastify', { timeout: 5000 }, async () => {
    await using app = new App('parsers', { logger: false })
    app.fastify.post('/plain', async (request) => ({ body: request.body ?? null }))
    const address = await app.listen({ port: 0 })
    const json = 'POST /plain HTTP/1.1\r\ncontent-type: application/json'
    assert.match(await answerTo(address, json), /^HTTP\/1.1 400 [^]*"detail":"Body cannot be empty/)
    const text = 'POST /plain HTTP/1.1\r\ncontent-type: text/plain'
    assert.match(await answerTo(address, text), /^HTTP\/1.1 200 [^]*\{"body":""\}$/)
  })

  test('ends for whoever listens: code of the app', { timeout: 5000 }, async () => {
    await using app = new App('listeners', { logger: false })
    app.post('/', async ({ request }) => {
      await once(request.raw, 'end')
      const bytes = await request.bytes()
      return { size: bytes.length }
    })
    const address = await app.listen({ port: 0 })
    assert.match(await answerTo(address, 'POST / HTTP/1.1'), /\{"size":0\}$/)
  })

  test('tells that its client has gone, hooks of Fastify too', { timeout: 5000 }, async () => {
    await using app = new App('gone', { logger: false })
    const begun = Promise.withResolvers<void>()
    const heard: string[] = []
    const gone = Promise.withResolvers<void>()
    app.fastify.addHook('onRequestAbort', (_request, done) => {
      heard.push('hook')
      done()
    })
    app.get('/', async ({ request: { raw }, signal }) => {
      raw.on('close', () => heard.push('close'))
      signal.addEventListener('abort', () => gone.resolve())
      begun.resolve()
      await gone.promise
    })
    const { port } = new URL(await app.listen({ port: 0 }))
    const socket = connect(Number(port), '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
    await begun.promise
    socket.destroy()
    await gone.promise
    assert.deepEqual(heard.toSorted(), ['close', 'hook'])
  })

  test('ends its connection when it is destroyed', { timeout: 5000 }, async () => {
    await using app = new App('destroyed', { logger: false })
    app.get('/', async ({ request }) => void request.raw.destroy())
    const address = await app.listen({ port: 0 })
    assert.equal(await answerTo(address, 'GET / HTTP/1.1').catch(() => ''), '')
  })

  for (const isOptimized of [true, false]) {
    test(`leaves its connection, option ${isOptimized}`, { timeout: 5000 }, async () => {
      const http = { optimizeEmptyRequests: isOptimized }
      await using app = new App('kept', { logger: false, fastify: { http } })
      app.get('/', async ({ request: { raw } }) => {
        raw.resume()
        await sleep(5)
        return raw.headers['content-length'] ?? 'none'
      })
      const { port } = new URL(await app.listen({ port: 0 }))
      const socket = connect(Number(port), '127.0.0.1')
      const one = 'GET / HTTP/1.1\r\nhost: x\r\n'
      socket.write(`${one}\r\n${one}content-length: 0\r\n\r\n${one}connection: close\r\n\r\n`)
      let answers = ''
      for await (const chunk of socket.setEncoding('latin1')) answers += chunk
      assert.deepEqual(answers.match(/(?<=\r\n\r\n)(none|0)/g), ['none', '0', 'none'])
    })
  }
})
