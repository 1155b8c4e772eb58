import { connect, type Socket } from 'node:net'

export interface Answer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What one connection brought. */
export interface Outcome {
  /** In order; what belongs to the honest request is not among them. */
  readonly answers: readonly Answer[]
  /** Whether an honest request on the same connection got its own answer. */
  readonly isKept: boolean
}

const PATIENCE_MS = 5000
let nonce = 0

/**
 * Send bytes, and an honest request after them.
 *
 * @param half whether the bytes are no whole request, so that what follows would belong to them: then only wait
 * @throws {Error} when within five seconds there is neither the honest answer nor the end of the connection
 */
export function attack(port: number, bytes: string | Buffer, half = false): Promise<Outcome> {
  const { promise, resolve, reject } = Promise.withResolvers<Outcome>()
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  const honest = `honest-${++nonce}`
  let received = Buffer.alloc(0)
  const finish = (isKept: boolean): void => {
    clearTimeout(timer)
    socket.destroy()
    const answers = parseAnswers(received).filter(({ body }) => !body.includes(honest))
    resolve({ answers, isKept })
  }
  const timer = setTimeout(() => {
    socket.destroy()
    reject(new Error(`It hangs after: ${JSON.stringify(received.toString('latin1', 0, 500))}`))
  }, PATIENCE_MS)
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk])
    if (received.includes(`"${honest}"`)) finish(true)
  })
  socket.on('error', () => {})
  socket.on('close', () => finish(false))
  socket.on('end', () => socket.end())
  socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
  if (!half) socket.write(`GET /echo/${honest} HTTP/1.1\r\nHost: x\r\n\r\n`)
  return promise
}

/** A connection of an honest client; resolves when it stands. */
export function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket))
    socket.once('error', reject)
  })
}

/** Read answers as they lie one after another (RFC 9112 section 6); a broken rest is an answer of status 0. */
export function parseAnswers(bytes: Buffer): Answer[] {
  const answers: Answer[] = []
  let text = bytes.toString('latin1')
  while (text !== '') {
    const end = text.indexOf('\r\n\r\n')
    const [, status] = /^HTTP\/1\.1 (\d{3}) /.exec(text) ?? []
    if (end === -1 || status === undefined)
      return [...answers, { status: 0, headers: {}, body: text }]
    const headers = parseHeaders(text.slice(0, end))
    const { body, rest } = takeBody(Number(status), headers, text.slice(end + 4))
    answers.push({ status: Number(status), headers, body })
    text = rest
  }
  return answers.filter(({ status }) => status !== 100)
}

function parseHeaders(head: string): Record<string, string> {
  const lines = head.split('\r\n').slice(1)
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    }),
  )
}

function takeBody(
  status: number,
  headers: Record<string, string>,
  text: string,
): { body: string; rest: string } {
  if (status < 200 || status === 204 || status === 304) return { body: '', rest: text }
  if (headers['transfer-encoding'] === 'chunked') return takeChunks(text)
  const length = headers['content-length']
  const lengthBytes = length === undefined ? text.length : Number(length)
  return { body: text.slice(0, lengthBytes), rest: text.slice(lengthBytes) }
}

function takeChunks(text: string): { body: string; rest: string } {
  let body = ''
  let rest = text
  for (;;) {
    const line = rest.indexOf('\r\n')
    const size = Number.parseInt(rest.slice(0, line), 16)
    if (line === -1 || Number.isNaN(size)) return { body, rest: '' }
    body += rest.slice(line + 2, line + 2 + size)
    rest = rest.slice(line + 2 + size + 2)
    if (size === 0) return { body, rest }
  }
}
