/** Whatever is sent: an answer below 500 or the end of the connection, and honest clients notice nothing. */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { get, post } from './cases.ts'
import { attack, parseAnswers } from './connection.ts'
import { startTarget } from './hostile_app.ts'

const target = await startTarget()
after(() => target[Symbol.asyncDispose]())

/** Send bytes and end there. @returns all that came back until the server ended it too */
function sendAll(bytes: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect(target.port, '127.0.0.1')
    const pieces: Buffer[] = []
    const timer = setTimeout(() => reject(new Error('It hangs.')), 4000)
    socket.on('data', (piece: Buffer) => void pieces.push(piece))
    socket.on('error', () => {})
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(Buffer.concat(pieces))
    })
    socket.end(bytes)
  })
}

async function survives(bytes: Uint8Array): Promise<void> {
  const received = await sendAll(bytes)
  for (const { status } of parseAnswers(received))
    assert.ok(status > 0 && status < 500, `${status}`)
  const { isKept } = await attack(target.port, '')
  assert.ok(isKept)
  assert.deepEqual(target.errors, [])
}

const MULTIPART = 'multipart/form-data; boundary=B'
const VALID = [
  get('/search?value=a%20b&page=2', 'Accept: */*\r\nCookie: a=b; c="d"\r\n'),
  get('/files/hello.txt', 'Range: bytes=0-4\r\nIf-None-Match: "a"\r\n'),
  post('/json', 'application/json', '{"title":"a","price":1.5e3,"on":true}'),
  post('/form', 'application/x-www-form-urlencoded', 'value=a+b%20c'),
  post(
    '/upload',
    MULTIPART,
    '--B\r\nContent-Disposition: form-data; name="photo"; filename="a.png"\r\nContent-Type: image/png\r\n\r\nx\r\n--B--\r\n',
  ),
  'POST /json HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\nd\r\n{"title":"a"}\r\n0\r\n\r\n',
].map((text) => Buffer.from(text, 'latin1'))

/** What a request is made of, so that a mutation is more than noise. */
const TOKENS = [
  '\r\n',
  '\r\n\r\n',
  '\n',
  '\r',
  ' ',
  ':',
  '%',
  '%00',
  '%ff',
  '\0',
  '/',
  '..',
  '=',
  '&',
  '"',
  '--B',
  '{',
  '[',
  '-',
  '0',
  '999999999999',
  '\xff',
  'HEAD ',
  'chunked',
  ';',
  '?',
  '#',
  '<int:id>',
  '__proto__',
]

const mutation = fc.record({
  kind: fc.constantFrom('insert', 'replace', 'remove', 'repeat'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.nat(20),
  token: fc.constantFrom(...TOKENS),
})
type Mutation = typeof mutation extends fc.Arbitrary<infer M> ? M : never

function mutate(bytes: Buffer, { kind, at, length, token }: Mutation): Buffer {
  const start = Math.floor(at * bytes.length)
  const [before, middle, rest] = [
    bytes.subarray(0, start),
    bytes.subarray(start, start + length),
    bytes.subarray(start + length),
  ]
  const added = Buffer.from(token, 'latin1')
  if (kind === 'insert') return Buffer.concat([before, added, middle, rest])
  if (kind === 'replace') return Buffer.concat([before, added, rest])
  if (kind === 'remove') return Buffer.concat([before, rest])
  return Buffer.concat([before, middle, middle, middle, rest])
}

test('random bytes', async () => {
  const bytes = fc.uint8Array({ maxLength: 400 })
  await fc.assert(fc.asyncProperty(bytes, survives), { numRuns: 60 })
})

test('random bytes behind a good start', async () => {
  const start = fc.constantFrom(
    ...VALID.map((valid) => valid.subarray(0, valid.indexOf('\r\n') + 2)),
  )
  const bytes = fc.tuple(start, fc.uint8Array({ maxLength: 200 }))
  await fc.assert(
    fc.asyncProperty(bytes, (parts) => survives(Buffer.concat(parts))),
    { numRuns: 60 },
  )
})

test('mutations of good requests', async () => {
  const bytes = fc
    .tuple(fc.constantFrom(...VALID), fc.array(mutation, { minLength: 1, maxLength: 5 }))
    .map(([valid, mutations]) => mutations.reduce(mutate, valid))
  await fc.assert(fc.asyncProperty(bytes, survives), { numRuns: 200 })
})

test('requests cut into pieces are answered as whole ones are', async () => {
  const cuts = fc.tuple(fc.constantFrom(...VALID), fc.array(fc.nat(300), { maxLength: 4 }))
  await fc.assert(
    fc.asyncProperty(cuts, async ([valid, at]) => {
      const whole = await statusOf([valid])
      const places = [0, ...at.toSorted((a, b) => a - b), valid.length]
      const pieces = places.slice(1).map((end, i) => valid.subarray(places[i], end))
      assert.equal(await statusOf(pieces), whole)
    }),
    { numRuns: 30 },
  )
})

function statusOf(pieces: readonly Uint8Array[]): Promise<number | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ port: target.port, host: '127.0.0.1', noDelay: true })
    socket.once('data', (data: Buffer) => {
      socket.destroy()
      resolve(parseAnswers(data)[0]?.status)
    })
    void (async () => {
      for (const piece of pieces) {
        socket.write(piece)
        await new Promise((sent) => setImmediate(sent))
      }
    })()
  })
}
