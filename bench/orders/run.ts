/**
 * The cookie shop's list of orders, 50 and 5,000 of them, beside a twin on Fastify and Drizzle: `npm run bench:orders`.
 *
 * `--rounds 15 --requests 1000 --quick --check`
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { measure } from '../http/measure.ts'
import type { Samples } from '../http/report.ts'
import { type Estimate, estimate, median } from '../http/stats.ts'
import { answerOf, KEY } from './data.ts'

const FEW = 50
const MANY = 5_000
/** Ten times what a Flask service gave for 50 orders, on two workers. */
const LEAST_PER_S = 10 * 127
/** CPU of the answer with a hundred times the orders. */
const MOST_TIMES = 110
/** What the process needs more for a hundred times the orders, asked for on every connection at once. */
const MOST_MORE_MIB = 64
/** How far the peak may rise from the first round to the last. */
const MOST_RISE_MIB = 16
/** Requests of a sample of few, for each of many. */
const SHARE = 40

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string' },
    requests: { type: 'string' },
    quick: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
  },
})
const rounds = Number(options.rounds ?? (options.quick ? 5 : 15))
const requests = Number(options.requests ?? (options.quick ? 600 : 1_000))
const fileOf = (name: string) => new URL(`servers/${name}.ts`, import.meta.url).pathname
const servers = { dewar: fileOf('dewar'), drizzle: fileOf('drizzle') }

const few = await ask(FEW, requests, 3_000)
const many = await ask(MANY, Math.ceil(requests / SHARE), 100)
const verdicts = [...toVerdicts(), ...toMemoryVerdicts()]

const page = [
  '# The list of orders: CPU a request',
  '',
  `- ${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown CPU'}`,
  `- ${['fastify', 'drizzle-orm', 'better-sqlite3'].map((name) => `${name} ${versionOf(name)}`).join(', ')}`,
  `- ${rounds} rounds of ${requests} requests for ${FEW} orders and ${Math.ceil(requests / SHARE)} for ${MANY}, pairs interleaved; ratio with its 95 % interval`,
  '',
  '| orders | server | CPU µs | requests/s | peak MiB | Dewar / it |',
  '|---:|---|---:|---:|---:|---|',
  ...toLines(few, FEW),
  ...toLines(many, MANY),
  '',
  '| budget | measured | |',
  '|---|---|---|',
  ...verdicts.map(
    ([budget, measured, isKept]) => `| ${budget} | ${measured} | ${isKept ? 'kept' : '**missed**'} |`,
  ),
].join('\n')
const results = new URL('../results/', import.meta.url)
mkdirSync(results, { recursive: true })
writeFileSync(new URL('orders.md', results), `${page}\n`)
console.log(page)
if (options.check && verdicts.some(([, , isKept]) => !isKept)) process.exitCode = 1

/** Both servers with so many orders, one after the other in each round. */
function ask(orders: number, count: number, warmUp: number): Promise<Samples> {
  // Read by the servers' processes.
  process.env['BENCH_ORDERS'] = String(orders)
  const path = `/api/v1/orders?key=${encodeURIComponent(KEY)}`
  const row = { name: 'orders', method: 'GET', path, status: 200, answer: answerOf(orders) } as const
  return measure({ rounds, requests: count, warmUp, rows: [row], servers })
}

type Kind = 'cpuUs' | 'perS' | 'peakMiB'

function valuesOf(samples: Samples, kind: Kind, server: string): readonly number[] {
  return samples[kind]['orders']?.[server] ?? []
}

function ratioOf(samples: Samples): Estimate {
  const theirs = valuesOf(samples, 'cpuUs', 'drizzle')
  return estimate(valuesOf(samples, 'cpuUs', 'dewar').map((us, i) => us / (theirs[i] ?? Number.NaN)))
}

function toText({ ratio, low, high }: Estimate): string {
  return `${ratio.toFixed(2)} (${low.toFixed(2)}-${high.toFixed(2)})`
}

function toLines(samples: Samples, orders: number): string[] {
  return Object.keys(servers).map((name) => {
    const [cpuUs, perS] = (['cpuUs', 'perS'] as const).map((kind) => median(valuesOf(samples, kind, name)))
    const peak = Math.max(...valuesOf(samples, 'peakMiB', name))
    const cells = [orders, name, cpuUs?.toFixed(0), perS?.toFixed(0), peak.toFixed(0)]
    return `| ${[...cells, name === 'dewar' ? '' : toText(ratioOf(samples))].join(' | ')} |`
  })
}

type Verdict = readonly [budget: string, measured: string, isKept: boolean]

function toVerdicts(): Verdict[] {
  const perS = median(valuesOf(few, 'perS', 'dewar'))
  const manyUs = median(valuesOf(many, 'cpuUs', 'dewar'))
  const times = manyUs / median(valuesOf(few, 'cpuUs', 'dewar'))
  return [
    [`${FEW} orders: >= ${LEAST_PER_S} requests/s in one process`, perS.toFixed(0), perS >= LEAST_PER_S],
    [`${MANY} orders: <= ${MOST_TIMES} x the CPU of ${FEW}`, times.toFixed(1), times <= MOST_TIMES],
    ...([few, many] as const).map((samples, i): Verdict => {
      const at = ratioOf(samples)
      return [`${[FEW, MANY][i]} orders: ahead of Fastify with Drizzle`, toText(at), at.high < 1]
    }),
  ]
}

function toMemoryVerdicts(): Verdict[] {
  const peaks = valuesOf(many, 'peakMiB', 'dewar')
  const [first = Number.NaN] = peaks
  const last = peaks.at(-1) ?? Number.NaN
  const more = last - Math.max(...valuesOf(few, 'peakMiB', 'dewar'))
  const rise = last - first
  return [
    [`${MANY} orders: <= ${MOST_MORE_MIB} MiB more than for ${FEW}`, more.toFixed(0), more <= MOST_MORE_MIB],
    [`${MANY} orders: <= ${MOST_RISE_MIB} MiB more in the last round`, rise.toFixed(0), rise <= MOST_RISE_MIB],
  ]
}

function versionOf(name: string): string {
  const file = new URL(`../node_modules/${name}/package.json`, import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
