import assert from 'node:assert/strict'
import { request as sendRequest } from 'node:http'
import { connect } from 'node:net'
import { test } from 'node:test'
import { discardBody, unreadBody } from '../../../src/http/body/discard.ts'
import { readBytes } from '../../../src/http/body/read_bytes.ts'
import { receive, serve, type Served, sendForever } from './serve.ts'

function refusing(): Promise<Served> {
  return serve((request, response) => {
    discardBody(request, response)
    response.writeHead(401).end('no')
  })
}

test('a short unread body is drained, and the next request has its own answer', async () => {
  await using server = await serve((request, response) => {
    discardBody(request, response)
    response.writeHead(401).end(request.url)
  })
  const socket = server.connect()
  const body = 'x'.repeat(60_000)
  socket.write(`POST /one HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n`)
  socket.write(`${body}GET /two HTTP/1.1\r\nHost: x\r\n\r\n`)
  const answers = await receive(socket, '/two')
  assert.match(answers, /^HTTP\/1.1 401 [^]*\/one\r\n/)
  assert.doesNotMatch(answers, /connection: close/i)
})

test('a body that was read in part is drained too', async () => {
  await using server = await serve(async (request, response) => {
    await readBytes(request, { maxBytes: 10_000, signal: AbortSignal.timeout(20) }).catch(() => {})
    discardBody(request, response)
    response.end(request.url)
  })
  const socket = server.connect()
  socket.write('POST /one HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\nabc')
  const rest = `${'x'.repeat(8997)}GET /two HTTP/1.1\r\nHost: x\r\n\r\n`
  setTimeout(() => socket.write(rest), 60)
  assert.match(await receive(socket, '/two'), /\/one[^]*\/two/)
})

for (const framing of ['Content-Length: 2000000000', 'Transfer-Encoding: chunked']) {
  test(`a long unread body ends the connection within a second (${framing})`, async () => {
    await using server = await refusing()
    // A client that goes on sending, whatever it hears.
    const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true })
    const start = performance.now()
    const piece = `10000\r\n${'x'.repeat(65_536)}\r\n`
    let answer = ''
    socket.on('data', (data) => (answer += data.toString('latin1')))
    const head = `POST / HTTP/1.1\r\nHost: x\r\n${framing}\r\n\r\n`
    const sentBytes = await sendForever(socket, head, piece)
    assert.match(answer, /^HTTP\/1.1 401 [^]*connection: close[^]*\r\nno\r\n/i)
    assert.ok(performance.now() - start < 1500)
    assert.ok(sentBytes < 20_000_000, `${sentBytes} bytes were taken`)
  })
}

test('a client that sends its whole body first still gets the answer', async () => {
  await using server = await refusing()
  for (let i = 0; i < 5; i++) {
    const status = await new Promise((resolve, reject) => {
      const request = sendRequest(server.url, { method: 'POST' }, (response) => {
        response.resume().on('error', () => {})
        resolve(response.statusCode)
      })
      request.on('error', reject)
      request.end(Buffer.alloc(900_000))
    })
    assert.equal(status, 401)
  }
})

test('unreadBody knows the most that can still come', async () => {
  const found: number[] = []
  await using server = await serve(async (request, response) => {
    found.push(unreadBody(request))
    await readBytes(request, { maxBytes: 100 })
    found.push(unreadBody(request))
    response.end()
  })
  await fetch(server.url)
  await fetch(server.url, { method: 'POST', body: 'abc' })
  const socket = server.connect()
  socket.end('POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n')
  await receive(socket)
  assert.deepEqual(found, [0, 0, 3, 0, Infinity, 0])
})
