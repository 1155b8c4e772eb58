import { isDeepStrictEqual } from 'node:util'
import { Child } from './child.ts'
import type { Done, Order } from './load.ts'
import type { Samples } from './report.ts'
import { type Row, toMessage } from './rows.ts'
import type { CpuReply } from './serve.ts'

const CONNECTIONS = 16
/** Enough for V8 to have compiled what is hot. */
const WARM_UP = 6_000
const SERVER_CORE = 1
const LOAD_CORE = 0

/** What is measured, and how often. */
export interface Plan {
  rounds: number
  /** Requests of one sample. */
  requests: number
  rows: readonly Row[]
  /** Servers by name, each the file that serves. */
  servers: Readonly<Record<string, string>>
  warmUp?: number
}

interface Server {
  name: string
  child: Child
  port: number
}

/**
 * Start all servers, compare their answers, then sample each row on each of them, round by round.
 *
 * @throws {Error} when a server answers otherwise than the row says
 */
export async function measure(plan: Plan): Promise<Samples> {
  const load = new Child(new URL('load.ts', import.meta.url).pathname, LOAD_CORE)
  const servers: Server[] = []
  try {
    for (const [name, file] of Object.entries(plan.servers)) servers.push(await start(name, file))
    for (const server of servers) for (const row of plan.rows) await verify(server, row)
    return await new Run(plan, load, servers).all()
  } finally {
    for (const { child } of servers) child.stop()
    load.stop()
  }
}

async function start(name: string, file: string): Promise<Server> {
  const child = new Child(file, SERVER_CORE)
  const { port } = await child.next<{ port: number }>()
  return { name, child, port }
}

class Run {
  readonly #plan: Plan
  readonly #load: Child
  readonly #servers: readonly Server[]
  readonly #samples: Samples

  constructor(plan: Plan, load: Child, servers: readonly Server[]) {
    const { rounds, requests } = plan
    this.#plan = plan
    this.#load = load
    this.#servers = servers
    this.#samples = { rounds, requests, connections: CONNECTIONS, cpuUs: {}, perS: {}, peakMiB: {} }
  }

  async all(): Promise<Samples> {
    const { rows, rounds, warmUp = WARM_UP } = this.#plan
    for (const row of rows) for (const server of this.#servers) await this.#sample(server, row, warmUp)
    for (let round = 0; round < rounds; round++) await this.#round(round)
    return this.#samples
  }

  /** One sample of every row and server; each round begins with another server. */
  async #round(round: number): Promise<void> {
    const { rows, rounds, requests } = this.#plan
    process.stderr.write(`round ${round + 1} of ${rounds}\n`)
    for (const row of rows) {
      for (const i of this.#servers.keys()) {
        const server = this.#servers[(i + round) % this.#servers.length]
        if (!server) continue
        const sample = await this.#sample(server, row, requests)
        for (const kind of ['cpuUs', 'perS', 'peakMiB'] as const) {
          ;((this.#samples[kind][row.name] ??= {})[server.name] ??= []).push(sample[kind])
        }
      }
    }
  }

  async #sample({ name, child, port }: Server, row: Row, count: number) {
    const message = toMessage(row)
    const { status } = row
    await this.#order(name, { type: 'open', port, message, status, connections: CONNECTIONS })
    const before = await child.ask<CpuReply>('cpu')
    const seconds = await this.#order(name, { type: 'run', requests: count })
    const after = await child.ask<CpuReply>('cpu')
    await this.#order(name, { type: 'close' })
    const cpuUs = (after.cpuUs - before.cpuUs) / count
    return { cpuUs, perS: count / seconds, peakMiB: after.peakMiB }
  }

  async #order(name: string, message: Order): Promise<number> {
    const done = await this.#load.ask<Done>(message)
    if ('failure' in done) throw new Error(`${name}: ${done.failure}`)
    return done.seconds
  }
}

/**
 * Compare a server's answer with the row's.
 *
 * @throws {Error} when they differ in status, body, type or a promised header.
 */
async function verify({ name, port }: Server, row: Row): Promise<void> {
  const type = { accept: 'application/json', 'content-type': 'application/json' }
  const headers = row.authorization ? { ...type, authorization: row.authorization } : type
  const response = await fetch(`http://127.0.0.1:${port}${row.path}`, {
    method: row.method,
    headers,
    body: row.body === undefined ? null : JSON.stringify(row.body),
  })
  const text = await response.text()
  const wrong = [
    response.status !== row.status && `status ${response.status}`,
    !/^application\/([\w.-]+\+)?json/.test(response.headers.get('content-type') ?? '') && 'type',
    'answer' in row && !isDeepStrictEqual(JSON.parse(text), row.answer) && 'body',
    ...(row.mentions ?? []).map((word) => !text.includes(word) && `no word of ${word}`),
    ...Object.entries(row.headers ?? {}).map(
      ([header, value]) => response.headers.get(header) !== value && `header ${header}`,
    ),
  ].filter(Boolean)
  if (wrong.length)
    throw new Error(`${name} answers ${row.name} wrongly (${wrong.join(', ')}): ${text}`)
}
