import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { sendReadable, type StreamSource, toReadable } from '../../src/http/stream.ts'
import { receive, serve } from './body/serve.ts'

async function streaming(makeSource: () => StreamSource) {
  const errors: unknown[] = []
  const server = await serve((_, response) => {
    sendReadable(toReadable(makeSource()), response, (error) => errors.push(error))
  })
  return {
    errors,
    server,
    url: server.url,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

async function* letters(): AsyncGenerator<string | Uint8Array> {
  yield 'é'
  yield ''
  yield Buffer.from('b')
  yield 'c'
}

test('every kind of source arrives', async () => {
  const sources: (() => StreamSource)[] = [
    letters,
    () => ['é', 'b', 'c'],
    () => Readable.from(['é', 'b', 'c']),
    () => new Blob(['ébc']).stream(),
  ]
  for (const source of sources) {
    await using app = await streaming(source)
    assert.equal(await (await fetch(app.url)).text(), 'ébc')
    assert.deepEqual(app.errors, [])
  }
})

test('a source that fails breaks the connection and is reported', async () => {
  async function* failing(): AsyncGenerator<string> {
    yield 'a'
    await wait(5)
    throw new Error('the source failed')
  }
  const bad: unknown[] = [{}]
  for (const source of [failing, () => bad as string[]]) {
    await using app = await streaming(source)
    const socket = app.server.connect()
    socket.on('error', () => {})
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    assert.doesNotMatch(await receive(socket).catch(() => ''), /\r\n0\r\n\r\n$/)
    assert.equal(app.errors.length, 1)
  }
})

test('a source that is destroyed without an error breaks the connection too', async () => {
  await using app = await streaming(() => {
    const source = new Readable({ read() {} })
    source.push('a')
    setTimeout(() => source.destroy(), 10)
    return source
  })
  await assert.rejects(async () => (await fetch(app.url)).text())
  assert.deepEqual(app.errors, [])
})

test('a client that goes away ends the source', async () => {
  const ended: string[] = []
  async function* endless(): AsyncGenerator<string> {
    try {
      for (;;) yield await wait(1, 'x')
    } finally {
      ended.push('generator')
    }
  }
  const web = (): StreamSource =>
    new ReadableStream({
      pull: async (controller) => controller.enqueue(new Uint8Array(await wait(1, 10))),
      cancel: () => void ended.push('web'),
    })
  const node = (): StreamSource =>
    new Readable({
      read() {
        setTimeout(() => this.push('x'), 1)
      },
      destroy(error, done) {
        ended.push('node')
        done(error)
      },
    })
  for (const source of [endless, web, node]) {
    await using app = await streaming(source)
    const socket = app.server.connect()
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await receive(socket, '\r\n\r\n')
    socket.destroy()
    await wait(50)
    assert.deepEqual(app.errors, [])
  }
  assert.deepEqual(ended, ['generator', 'web', 'node'])
})

test('a source is read no faster than the client reads', async () => {
  let taken = 0
  await using app = await streaming(function* () {
    for (; taken < 1000; taken++) yield Buffer.alloc(65_536)
  })
  const socket = app.server.connect()
  socket.pause()
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await wait(100)
  assert.ok(taken > 0 && taken < 500, `${taken} pieces were taken`)
  socket.destroy()
})
