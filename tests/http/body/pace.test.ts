import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { App, HTTPError } from 'dewar'
import { readForm } from '../../../src/http/body/form.ts'
import { tooManyPieces } from '../../../src/http/body/pace.ts'
import { readBytes } from '../../../src/http/body/read_bytes.ts'
import { parseAnswers } from '../../hostile/connection.ts'
import { serve, type Served } from './serve.ts'

const IN_TIME = { timeout: 5000 }
const periodMs = 60
const MULTIPART = 'multipart/form-data; boundary=B'

function head(type: string, lengthBytes: number): string {
  return `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: ${lengthBytes}\r\n\r\n`
}

async function trickle(socket: Socket, piece: string, everyMs: number): Promise<void> {
  while (socket.writable) {
    socket.write(piece)
    await wait(everyMs)
  }
}

async function outcomeOf(server: Served): Promise<number> {
  const result = await server.next()
  if (result.status === 'fulfilled') return 200
  assert.ok(result.reason instanceof HTTPError)
  return result.reason.status
}

test('a body that trickles in is given up: 408', IN_TIME, async () => {
  await using server = await serve(async (request) => {
    await readBytes(request, { maxBytes: 100_000, periodMs })
  })
  const socket = server.connect().on('error', () => {})
  socket.write(head('text/plain', 50_000))
  const outcome = outcomeOf(server)
  void trickle(socket, 'x', 10)
  assert.equal(await outcome, 408)
  socket.destroy()
})

test('so is a multipart one', IN_TIME, async () => {
  await using server = await serve(async (request) => {
    await readForm(request, { maxBytes: 100_000, periodMs })
  })
  const socket = server.connect().on('error', () => {})
  socket.write(`${head(MULTIPART, 50_000)}--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n`)
  const outcome = outcomeOf(server)
  void trickle(socket, 'x', 10)
  assert.equal(await outcome, 408)
  socket.destroy()
})

test('one that comes slowly, but comes, is read', IN_TIME, async () => {
  await using server = await serve(async (request) => {
    await readBytes(request, { maxBytes: 100_000, periodMs: 150 })
  })
  const socket = server.connect().on('error', () => {})
  socket.write(head('text/plain', 20_000))
  const outcome = outcomeOf(server)
  for (let i = 0; i < 10; i++) {
    socket.write('x'.repeat(2000))
    await wait(20)
  }
  assert.equal(await outcome, 200)
  socket.destroy()
})

test('pieces of a few bytes are many only when there are tens of thousands', () => {
  assert.equal(tooManyPieces(10_000, 10_000), undefined)
  assert.equal(tooManyPieces(10_001, 10_001)?.status, 400)
  assert.equal(tooManyPieces(100_000, 6_400_000), undefined)
})

test('after a 408 the connection ends, however short the rest is', IN_TIME, async () => {
  await using app = new App('slow', { logger: false })
  app.post('/', () => {
    throw new HTTPError(408)
  })
  const { port } = new URL(await app.listen({ port: 0 }))
  const { connect } = await import('node:net')
  const socket = connect(Number(port), '127.0.0.1')
  socket.write(head('text/plain', 100))
  let text = ''
  for await (const piece of socket) text += String(piece)
  const [answer] = parseAnswers(Buffer.from(text))
  assert.equal(answer?.status, 408)
  assert.equal(answer?.headers['connection'], 'close')
})
