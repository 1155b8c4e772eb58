/**
 * The Task API of the examples beside a twin by hand, Fastify with node:sqlite: `npm run bench:tasks`.
 *
 * `--rounds 15 --requests 2000 --quick --check`
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { measure } from '../http/measure.ts'
import type { Samples } from '../http/report.ts'
import { estimate, median } from '../http/stats.ts'
import { READS, WRITES } from './rows.ts'

/** CPU a request, at most so many times the twin's. */
const BUDGET = 1.25

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string' },
    requests: { type: 'string' },
    quick: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
  },
})
const rounds = Number(options.rounds ?? (options.quick ? 5 : 15))
const requests = Number(options.requests ?? (options.quick ? 800 : 2_000))
const fileOf = (name: string) => new URL(`servers/${name}.ts`, import.meta.url).pathname
const servers = { dewar: fileOf('dewar'), fastify: fileOf('fastify') }

const reads = await measure({ rounds, requests, rows: READS, servers })
// On fresh databases: the tasks that are added here must not slow down the list.
const writes = await measure({ rounds, requests, rows: WRITES, servers, warmUp: 3_000 })

const rows = [...READS.map(({ name }) => toRow(reads, name)), ...WRITES.map(({ name }) => toRow(writes, name))]
const page = [
  '# The Task API: CPU a request',
  '',
  `- ${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown CPU'}`,
  `- ${rounds} rounds of ${requests} requests, pairs interleaved; ratio with its 95 % interval`,
  '',
  '| row | Dewar µs | Fastify + node:sqlite µs | Dewar / it | at most |',
  '|---|---:|---:|---|---|',
  ...rows.map(({ text }) => text),
].join('\n')
const results = new URL('../results/', import.meta.url)
mkdirSync(results, { recursive: true })
writeFileSync(new URL('tasks.md', results), `${page}\n`)
console.log(page)
if (options.check && rows.some(({ isKept }) => !isKept)) process.exitCode = 1

function toRow({ cpuUs }: Samples, name: string) {
  const { dewar = [], fastify = [] } = cpuUs[name] ?? {}
  const { ratio, low, high } = estimate(dewar.map((value, i) => value / (fastify[i] ?? Number.NaN)))
  const isKept = high <= BUDGET
  const cells = [
    name,
    median(dewar).toFixed(1),
    median(fastify).toFixed(1),
    `${ratio.toFixed(2)} (${low.toFixed(2)}-${high.toFixed(2)})`,
    `${BUDGET} ${isKept ? 'kept' : '**missed**'}`,
  ]
  return { text: `| ${cells.join(' | ')} |`, isKept }
}
