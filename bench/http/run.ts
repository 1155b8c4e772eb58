/**
 * Measure Dewar beside its competitors: CPU a request and requests a second, in interleaved samples.
 *
 * `--rounds 15 --requests 3000 --only hello --servers dewar,fastify --quick --check`
 */
import { execFileSync } from 'node:child_process'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import { Child } from './child.ts'
import type { Done, Order } from './load.ts'
import { type Samples, writeReport } from './report.ts'
import { type Row, ROWS, toMessage } from './rows.ts'
import type { CpuReply } from './serve.ts'

const SERVERS = ['dewar', 'fastify', 'raw', 'hono', 'nest', 'adonis', 'express']
const CONNECTIONS = 16
/** Enough for V8 to have compiled what is hot. */
const WARM_UP = 6_000
const SERVER_CORE = 1
const LOAD_CORE = 0

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string' },
    requests: { type: 'string' },
    only: { type: 'string' },
    servers: { type: 'string' },
    quick: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
  },
})
const rounds = Number(options.rounds ?? (options.quick ? 5 : 15))
const requests = Number(options.requests ?? (options.quick ? 1_000 : 3_000))
const rows = chosen(ROWS, options.only, (row) => row.name)
const names = chosen(SERVERS, options.servers, (name) => name)

interface Server {
  name: string
  child: Child
  port: number
}

const samples: Samples = { rounds, requests, connections: CONNECTIONS, cpuUs: {}, perS: {} }
const load = new Child(pathOf('load.ts'), LOAD_CORE)
const servers: Server[] = []
try {
  if (names.includes('nest')) compileNest()
  for (const name of names) servers.push(await start(name))
  for (const server of servers) for (const row of rows) await verify(server, row)
  for (const row of rows) for (const server of servers) await sample(server, row, WARM_UP)
  for (let round = 0; round < rounds; round++) await measureRound(round)
} finally {
  for (const { child } of servers) child.stop()
  load.stop()
}
const failures = writeReport(samples, rows, names)
if (options.check && failures > 0) process.exitCode = 1

function chosen<T>(all: readonly T[], list: string | undefined, nameOf: (one: T) => string): T[] {
  const wanted = list?.split(',') ?? all.map(nameOf)
  const unknown = wanted.filter((name) => !all.some((one) => nameOf(one) === name))
  if (unknown.length)
    throw new Error(`Unknown: ${unknown.join(', ')}. Known: ${all.map(nameOf).join(', ')}.`)
  return all.filter((one) => wanted.includes(nameOf(one)))
}

function pathOf(file: string): string {
  return new URL(file, import.meta.url).pathname
}

/** NestJS needs decorators, which cannot be stripped; TypeScript comes from the root. */
function compileNest(): void {
  const tsc = pathOf('../../node_modules/.bin/tsc')
  execFileSync(tsc, ['-p', pathOf('nest.tsconfig.json')], { stdio: 'inherit' })
}

async function start(name: string): Promise<Server> {
  const file = name === 'nest' ? '.build/servers/nest.js' : `servers/${name}.ts`
  const child = new Child(pathOf(file), SERVER_CORE)
  const { port } = await child.next<{ port: number }>()
  return { name, child, port }
}

/**
 * Compare a server's answer with the row's.
 *
 * @throws {Error} when they differ in status, body, type or a promised header.
 */
async function verify({ name, port }: Server, row: Row): Promise<void> {
  const headers = { accept: 'application/json', 'content-type': 'application/json' }
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

/** One sample of every row and server; each round begins with another server. */
async function measureRound(round: number): Promise<void> {
  process.stderr.write(`round ${round + 1} of ${rounds}\n`)
  for (const row of rows) {
    for (const i of servers.keys()) {
      const server = servers[(i + round) % servers.length]
      if (!server) continue
      const { cpuUs, perS } = await sample(server, row, requests)
      ;((samples.cpuUs[row.name] ??= {})[server.name] ??= []).push(cpuUs)
      ;((samples.perS[row.name] ??= {})[server.name] ??= []).push(perS)
    }
  }
}

async function sample({ name, child, port }: Server, row: Row, count: number) {
  const message = toMessage(row)
  await order(name, {
    type: 'open',
    port,
    message,
    status: row.status,
    connections: CONNECTIONS,
  })
  const before = await child.ask<CpuReply>('cpu')
  const seconds = await order(name, { type: 'run', requests: count })
  const after = await child.ask<CpuReply>('cpu')
  await order(name, { type: 'close' })
  return { cpuUs: (after.cpuUs - before.cpuUs) / count, perS: count / seconds }
}

async function order(name: string, message: Order): Promise<number> {
  const done = await load.ask<Done>(message)
  if ('failure' in done) throw new Error(`${name}: ${done.failure}`)
  return done.seconds
}
