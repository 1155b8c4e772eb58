import { connect, type Socket } from 'node:net'
import { answer } from './child.ts'

/** What the runner asks of the load generator, which runs in a process of its own. */
export type Order =
  | { type: 'open'; port: number; message: string; status: number; connections: number }
  | { type: 'run'; requests: number }
  | { type: 'close' }

/** The answer to an order: how long it took, or what went wrong. */
export type Done = { seconds: number } | { failure: string }

const HEAD_END = '\r\n\r\n'
const LAST_CHUNK = '0\r\n\r\n'

/**
 * One keep-alive connection that has one request in flight.
 *
 * It reads no more of an answer than its status and where it ends, so that the generator never is the bottleneck.
 */
class Connection {
  readonly #socket: Socket
  readonly #message: string
  readonly #status: string
  /** What came until the head was whole, and the last characters of all that came. */
  #head = ''
  #tail = ''
  #received = 0
  /** Bytes of the answer with its head: undefined until that is whole, infinite where it is chunked. */
  #expected: number | undefined
  #answered: ((failure?: Error) => void) | undefined

  constructor(order: Order & { type: 'open' }) {
    this.#message = order.message
    this.#status = `HTTP/1.1 ${order.status} `
    this.#socket = connect({ port: order.port, host: '127.0.0.1', noDelay: true })
    this.#socket.setEncoding('latin1')
    this.#socket.on('data', (text: string) => this.#read(text))
    this.#socket.on('error', (error) => this.#answered?.(error))
    this.#socket.on('close', () => this.#answered?.(new Error('The server closed a connection.')))
  }

  send(answered: (failure?: Error) => void): void {
    this.#answered = answered
    this.#socket.write(this.#message)
  }

  close(): void {
    this.#answered = undefined
    this.#socket.destroy()
  }

  #read(text: string): void {
    this.#received += text.length
    if (this.#expected === undefined) {
      this.#head += text
      this.#expected = lengthOf(this.#head)
    }
    this.#tail = (this.#tail + text.slice(-LAST_CHUNK.length)).slice(-LAST_CHUNK.length)
    const isWhole =
      this.#expected === Infinity
        ? this.#tail === LAST_CHUNK
        : this.#expected !== undefined && this.#received >= this.#expected
    if (isWhole) this.#end()
  }

  #end(): void {
    const head = this.#head
    this.#head = ''
    this.#tail = ''
    this.#received = 0
    this.#expected = undefined
    if (head.startsWith(this.#status)) this.#answered?.()
    else this.#answered?.(new Error(`Not ${this.#status}: ${head.slice(0, 300)}`))
  }
}

function lengthOf(received: string): number | undefined {
  const head = received.indexOf(HEAD_END)
  if (head < 0) return undefined
  const [, length] = /\r\ncontent-length: *(\d+)/i.exec(received.slice(0, head)) ?? []
  return length === undefined ? Infinity : head + HEAD_END.length + Number(length)
}

let connections: Connection[] = []

function run(requests: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let unsent = requests
  let unanswered = requests
  for (const connection of connections) {
    const answered = (failure?: Error): void => {
      if (failure) return reject(failure)
      unanswered -= 1
      if (unanswered === 0) resolve()
      else if (unsent > 0) next()
    }
    const next = (): void => {
      unsent -= 1
      connection.send(answered)
    }
    if (unsent > 0) next()
  }
  return promise
}

async function obey(order: Order): Promise<void> {
  if (order.type === 'run') return run(order.requests)
  for (const connection of connections) connection.close()
  connections = []
  if (order.type === 'close') return
  connections = Array.from({ length: order.connections }, () => new Connection(order))
  // One answer on each: what connecting costs stays out of the sample.
  await run(order.connections)
}

process.on('message', async (order: Order) => {
  const start = performance.now()
  try {
    await obey(order)
    answer({ seconds: (performance.now() - start) / 1_000 } satisfies Done)
  } catch (error) {
    answer({ failure: String(error) } satisfies Done)
  }
})
process.on('disconnect', () => process.exit())
