/**
 * What sign-in costs: `GET` of a route for everybody and of one for those who have a token: `npm run bench:auth`.
 *
 * `--rounds 15 --requests 3000 --servers dewar,fastify --quick --check`
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { measure } from '../http/measure.ts'
import { estimate, median } from '../http/stats.ts'
import { ROWS } from './rows.ts'

/** CPU of a request with a token that is known, at most so many times that of one to everybody's route. */
const KNOWN_RATIO = 1.15
/** CPU that a new token may cost more than a known one. */
const NEW_US = 60

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string' },
    requests: { type: 'string' },
    servers: { type: 'string', default: 'dewar,dewar_new,fastify,hono,nest' },
    quick: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
  },
})
const rounds = Number(options.rounds ?? (options.quick ? 5 : 15))
const requests = Number(options.requests ?? (options.quick ? 1_000 : 3_000))
const pathOf = (file: string): string => new URL(file, import.meta.url).pathname
const names = options.servers.split(',')
if (names.includes('nest')) {
  const tsc = pathOf('../../node_modules/.bin/tsc')
  execFileSync(tsc, ['-p', pathOf('nest.tsconfig.json')], { stdio: 'inherit' })
}
const fileOf = (name: string): string =>
  pathOf(name === 'nest' ? '.build/auth/servers/nest.js' : `servers/${name}.ts`)
const servers = Object.fromEntries(names.map((name) => [name, fileOf(name)]))
const { cpuUs } = await measure({ rounds, requests, rows: ROWS, servers })

const valuesOf = (row: string, name: string): readonly number[] => cpuUs[row]?.[name] ?? []
const versus = (row: string, name: string, otherRow: string, other: string) =>
  estimate(valuesOf(row, name).map((value, i) => value / (valuesOf(otherRow, other)[i] ?? NaN)))
const text = ({ ratio, low, high }: ReturnType<typeof estimate>): string =>
  `${ratio.toFixed(2)} (${low.toFixed(2)}-${high.toFixed(2)})`

const known = versus('signed in', 'dewar', 'open, token sent', 'dewar')
const knownBare = versus('signed in', 'dewar', 'open', 'dewar')
const newUs = median(valuesOf('signed in', 'dewar_new')) - median(valuesOf('signed in', 'dewar'))
const others = names
  .filter((name) => !name.startsWith('dewar'))
  .map((name) => ({ name, ratio: versus('signed in', 'dewar', 'signed in', name) }))
const kept = (isKept: boolean): string => (isKept ? 'kept' : '**missed**')
const verdicts = [
  [`known token / the same request to an open route: ${text(known)}`, known.high <= KNOWN_RATIO],
  ...(names.includes('dewar_new')
    ? ([[`new token, more than a known one: ${newUs.toFixed(1)} µs`, newUs <= NEW_US]] as const)
    : []),
  ...others.map(
    ({ name, ratio }) => [`known token / ${name}: ${text(ratio)}`, ratio.high < 1] as const,
  ),
] as const

const page = [
  '# Sign-in: CPU a request',
  '',
  `- ${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown CPU'}`,
  `- ${rounds} rounds of ${requests} requests, pairs interleaved; ratio with its 95 % interval`,
  '',
  `| µs | ${names.join(' | ')} |`,
  `|---|${names.map(() => '---:').join('|')}|`,
  ...ROWS.map(
    ({ name: row }) =>
      `| ${row} | ${names.map((name) => median(valuesOf(row, name)).toFixed(1)).join(' | ')} |`,
  ),
  '',
  ...verdicts.map(([line, isKept]) => `- ${line}: ${kept(isKept)}`),
  `- known token / the open route without the header: ${text(knownBare)}`,
].join('\n')
const results = new URL('../results/', import.meta.url)
mkdirSync(results, { recursive: true })
writeFileSync(new URL('auth.md', results), `${page}\n`)
console.log(page)
if (options.check && verdicts.some(([, isKept]) => !isKept)) process.exitCode = 1
