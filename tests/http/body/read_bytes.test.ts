import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ClientGone } from '../../../src/http/body/client_gone.ts'
import { readBytes } from '../../../src/http/body/read_bytes.ts'
import { PayloadTooLarge } from '../../../src/http/errors.ts'
import { receive, serve, type Served } from './serve.ts'

async function echo(maxBytes: number): Promise<Served> {
  return serve(async (request, response) => {
    response.end(await readBytes(request, { maxBytes }))
  })
}

function chunked(chunks: Uint8Array[]): RequestInit {
  const body = ReadableStream.from(chunks.filter((chunk) => chunk.length > 0))
  return { method: 'POST', body, duplex: 'half' }
}

test('a body arrives as it was sent, in one chunk or many', async () => {
  await using server = await echo(1 << 20)
  const bodies = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 8 })
  const property = fc.asyncProperty(bodies, fc.boolean(), async (chunks, announced) => {
    const whole = Buffer.concat(chunks)
    const init = announced ? { method: 'POST', body: whole } : chunked(chunks)
    const answer = await fetch(server.url, init)
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), whole)
  })
  await fc.assert(property, { numRuns: 40 })
})

test('no body is an empty one', async () => {
  await using server = await echo(10)
  assert.equal(await (await fetch(server.url)).text(), '')
  assert.equal(await (await fetch(server.url, { method: 'POST' })).text(), '')
})

test('a body of just the limit passes, one more byte does not', async () => {
  await using server = await echo(10)
  for (const send of [
    (body: string) => ({ method: 'POST', body }),
    (body: string) => chunked([Buffer.from(body)]),
  ]) {
    assert.equal((await fetch(server.url, send('x'.repeat(10)))).status, 200)
    assert.equal((await fetch(server.url, send('x'.repeat(11)))).status, 413)
  }
})

test('an announced length that is too large is refused before the body comes', async () => {
  await using server = await echo(10)
  const socket = server.connect()
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n')
  assert.match(await receive(socket, '\r\n\r\n'), /^HTTP\/1.1 413 /)
})

test('a chunked body without an end is refused at the limit', async () => {
  await using server = await echo(1000)
  const socket = server.connect()
  socket.on('error', () => {})
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n')
  const timer = setInterval(() => socket.write(`64\r\n${'x'.repeat(100)}\r\n`), 1)
  const answer = await receive(socket, '\r\n\r\n')
  clearInterval(timer)
  assert.match(answer, /^HTTP\/1.1 413 /)
})

test('a client that goes away is ClientGone, before the reading and in it', async () => {
  await using server = await serve(async (request) => {
    if (request.url === '/late') await new Promise((resolve) => request.once('close', resolve))
    await readBytes(request, { maxBytes: 100 })
  })
  for (const path of ['/late', '/']) {
    const result = server.next()
    const socket = server.connect()
    socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc`)
    setTimeout(() => socket.destroy(), 20)
    const settled = await result
    assert.ok(settled.status === 'rejected' && settled.reason instanceof ClientGone)
    assert.equal(settled.reason.status, 499)
  }
})

test('an aborted signal ends the reading with its reason', async () => {
  await using server = await serve(async (request) => {
    await readBytes(request, { maxBytes: 100, signal: AbortSignal.timeout(20) })
  })
  const result = server.next()
  const socket = server.connect()
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc')
  const settled = await result
  assert.ok(settled.status === 'rejected' && settled.reason.name === 'TimeoutError')
  socket.destroy()
})

test('a compressed body is refused and told what would do', async () => {
  await using server = await serve(async (request) => {
    await readBytes(request, { maxBytes: 100 })
  })
  for (const encoding of ['gzip', 'deflate', 'br', 'gzip, gzip', 'x']) {
    const result = server.next()
    const headers = { 'content-encoding': encoding }
    assert.equal((await fetch(server.url, { method: 'POST', body: 'x', headers })).status, 415)
    const settled = await result
    assert.ok(settled.status === 'rejected')
    assert.deepEqual(settled.reason.headers, { 'accept-encoding': 'identity' })
  }
})

test('reading a body twice is a mistake that is told, not a wait without end', async () => {
  await using server = await serve(async (request) => {
    await readBytes(request, { maxBytes: 100 })
    await readBytes(request, { maxBytes: 100 })
  })
  const result = server.next()
  await fetch(server.url, { method: 'POST', body: 'x' })
  const settled = await result
  assert.ok(settled.status === 'rejected' && /read already/.test(settled.reason.message))
  assert.ok(!(settled.reason instanceof PayloadTooLarge))
})
