/**
 * Measure Dewar beside its competitors: CPU a request and requests a second, in interleaved samples.
 *
 * `--rounds 15 --requests 3000 --only hello --servers dewar,fastify --quick --check`
 */
import { execFileSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { measure } from './measure.ts'
import { writeReport } from './report.ts'
import { ROWS } from './rows.ts'

const SERVERS = ['dewar', 'fastify', 'raw', 'hono', 'nest', 'adonis', 'express']

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
const rows = chosen(ROWS, options.only, (row) => row.name)
const names = chosen(SERVERS, options.servers, (name) => name)

if (names.includes('nest')) compileNest()
const samples = await measure({
  rounds: Number(options.rounds ?? (options.quick ? 5 : 15)),
  requests: Number(options.requests ?? (options.quick ? 1_000 : 3_000)),
  rows,
  servers: Object.fromEntries(names.map((name) => [name, fileOf(name)])),
})
const failures = writeReport(samples, rows, names)
if (options.check && failures > 0) process.exitCode = 1

function chosen<T>(all: readonly T[], list: string | undefined, nameOf: (one: T) => string): T[] {
  const wanted = list?.split(',') ?? all.map(nameOf)
  const unknown = wanted.filter((name) => !all.some((one) => nameOf(one) === name))
  if (unknown.length)
    throw new Error(`Unknown: ${unknown.join(', ')}. Known: ${all.map(nameOf).join(', ')}.`)
  return all.filter((one) => wanted.includes(nameOf(one)))
}

function fileOf(name: string): string {
  return pathOf(name === 'nest' ? '.build/servers/nest.js' : `servers/${name}.ts`)
}

function pathOf(file: string): string {
  return new URL(file, import.meta.url).pathname
}

/** NestJS needs decorators, which cannot be stripped; TypeScript comes from the root. */
function compileNest(): void {
  const tsc = pathOf('../../node_modules/.bin/tsc')
  execFileSync(tsc, ['-p', pathOf('nest.tsconfig.json')], { stdio: 'inherit' })
}
