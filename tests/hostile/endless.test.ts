/** Clients that never come to an end, and those that do not listen. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { suite, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { sendForever } from '../http/body/serve.ts'
import { open, parseAnswers } from './connection.ts'
import { given, startTarget, type Target } from './hostile_app.ts'

const IN_TIME = { timeout: 30_000 }

function collect(socket: Socket): () => { status: number; headers: Record<string, string> }[] {
  let received = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => (received = Buffer.concat([received, chunk])))
  socket.on('error', () => {})
  return () => parseAnswers(received).map(({ status, headers }) => ({ status, headers }))
}

async function closeOf(socket: Socket): Promise<void> {
  if (!socket.destroyed) await once(socket, 'close')
}

const HEAD = 'HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Type:'
const MIB = 1_048_576
const ENDLESS = [
  [
    'a chunked body',
    413,
    `POST /json ${HEAD} application/json\r\n\r\n`,
    `10000\r\n${'['.padEnd(65_536)}\r\n`,
  ],
  [
    'multipart',
    413,
    `POST /upload ${HEAD} multipart/form-data; boundary=B\r\n\r\n` +
      '2f\r\n--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n',
    `10000\r\n${'x'.repeat(65_536)}\r\n`,
  ],
  [
    'a preamble of multipart',
    413,
    `POST /upload ${HEAD} multipart/form-data; boundary=B\r\n\r\n`,
    `40000\r\n${'x'.repeat(262_144)}\r\n`,
  ],
  [
    'a body that nobody reads',
    200,
    `POST /ignored ${HEAD} text/plain\r\n\r\n`,
    `10000\r\n${'x'.repeat(65_536)}\r\n`,
  ],
  [
    'chunk by chunk',
    400,
    `POST /json ${HEAD} application/json\r\n\r\n`,
    '1\r\n \r\n'.repeat(10_000),
  ],
] as const

const SHORT = {
  requestTimeout: 400,
  connectionTimeout: 200,
  http: { connectionsCheckingInterval: 50, headersTimeout: 200 },
}

/** One byte of `bytes` every 20 ms. */
async function trickle(target: Target, start: string, bytes: string): Promise<number[]> {
  const socket = await open(target.port)
  const answers = collect(socket)
  const closing = closeOf(socket)
  socket.write(start)
  for (let i = 0; socket.writable; i = (i + 1) % bytes.length) {
    socket.write(bytes[i]!)
    await Promise.race([wait(20), closing])
  }
  await closing
  return answers().map(({ status }) => status)
}

suite('endless and stalling clients', { concurrency: 8 }, () => {
  for (const [name, expected, head, piece] of ENDLESS) {
    test(`endless: ${name}`, IN_TIME, async () => {
      await using target = await startTarget()
      const socket = await open(target.port)
      const answers = collect(socket)
      const sentBytes = await sendForever(socket, head, piece)
      const [{ status, headers } = { status: 0, headers: {} }] = answers()
      assert.equal(status, expected)
      assert.equal(headers['connection'] ?? 'close', 'close')
      assert.ok(sentBytes < 64 * MIB, `${sentBytes} bytes were taken`)
      assert.deepEqual(target.errors, [])
    })
  }

  test('headers that trickle in end with 408', IN_TIME, async () => {
    await using target = await startTarget(SHORT)
    assert.deepEqual(
      await trickle(target, 'GET /echo/a HTTP/1.1\r\nHost: x\r\n', 'X: y\r\n'),
      [408],
    )
  })

  test('a request line that trickles in, too', IN_TIME, async () => {
    await using target = await startTarget(SHORT)
    assert.deepEqual(await trickle(target, 'GET /', 'a'), [408])
  })

  test('a connection on which nothing ever comes is ended', IN_TIME, async () => {
    await using target = await startTarget(SHORT)
    const socket = await open(target.port)
    socket.resume()
    await closeOf(socket)
  })

  for (const path of ['/json', '/upload', '/ignored']) {
    test(`a body for ${path} that trickles in ends with the connection`, IN_TIME, async () => {
      await using target = await startTarget(SHORT)
      const type = path === '/upload' ? 'multipart/form-data; boundary=B' : 'application/json'
      const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\nContent-Type: ${type}\r\n\r\n`
      const statuses = await trickle(target, head, ' ')
      assert.deepEqual(statuses, path === '/ignored' ? [200, 408] : [408])
      assert.deepEqual(target.errors, [])
    })
  }
  test(
    'a client that does not read its answer is cut off, and nothing is made that it does not take',
    IN_TIME,
    async () => {
      await using target = await startTarget(SHORT)
      const before = given.pieces
      const sockets = await Promise.all(Array.from({ length: 20 }, () => open(target.port)))
      for (const socket of sockets) {
        socket.on('error', () => {}).pause()
        socket.write('GET /stream?pieces=10000 HTTP/1.1\r\nHost: x\r\n\r\n')
      }
      while (given.pieces - before <= 20) await wait(20)
      while ((await target.connections()) > 0) await wait(20)
      const pieces = given.pieces - before
      // The kernel takes up to 10 MB for each.
      assert.ok(pieces < 20 * 200, `${pieces} pieces for 20 clients`)
      for (const socket of sockets) socket.destroy()
      assert.deepEqual(target.errors, [])
    },
  )

  test('one that pipelines and does not read is stopped', IN_TIME, async () => {
    await using target = await startTarget(SHORT)
    const socket = await open(target.port)
    socket.pause()
    const requests = 'GET /stream?pieces=1 HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(5000)
    await sendForever(socket, requests, requests)
    assert.ok(target.handled.length <= 101 * 2, `${target.handled.length} were begun`)
    assert.deepEqual(target.errors, [])
  })

  test(
    'a handler that takes longer than a connection may be idle still answers',
    IN_TIME,
    async () => {
      await using target = await startTarget({ ...SHORT, connectionTimeout: 30 })
      const response = await fetch(`http://127.0.0.1:${target.port}/later`, { method: 'POST' })
      assert.equal(response.status, 200)
      await response.text()
    },
  )
})
