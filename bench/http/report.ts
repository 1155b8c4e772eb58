import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, release } from 'node:os'
import { PINNED } from './child.ts'
import type { Row } from './rows.ts'
import { type Estimate, estimate, median } from './stats.ts'

/** The numbers of one kind: by row, then server, one a round. */
type Table = Record<string, Record<string, number[]>>

/** All that a run has measured. */
export interface Samples {
  rounds: number
  requests: number
  connections: number
  cpuUs: Table
  perS: Table
  /** The most memory of the server's process, up to the end of the sample. */
  peakMiB: Table
}

/** A promise of the design and what came of it. */
interface Verdict {
  budget: string
  at: Estimate
  kept: boolean
}

const FASTIFY_ROWS = ['hello', 'path', 'query', 'body', 'list']
const OTHERS = ['hono', 'nest', 'adonis', 'express']
const PACKAGES = ['fastify', 'zod', 'hono', '@hono/node-server', '@hono/zod-validator']
PACKAGES.push('@nestjs/core', '@adonisjs/core', '@vinejs/vine', 'express')

/** Write `results/http.md` and `.json`, print the page, and count the budgets that are not kept. */
export function writeReport(samples: Samples, rows: readonly Row[], servers: string[]): number {
  const verdicts = toVerdicts(samples.cpuUs, rows)
  const about = toAbout(samples)
  const page = [
    '# HTTP: CPU a request',
    ...about.map((line) => `- ${line}`),
    ...rows.map((row) => toSection(samples, row.name, servers)),
    toBudgets(verdicts),
  ].join('\n')
  const results = new URL('../results/', import.meta.url)
  mkdirSync(results, { recursive: true })
  writeFileSync(new URL('http.md', results), `${page}\n`)
  writeFileSync(new URL('http.json', results), JSON.stringify({ about, verdicts, samples }))
  console.log(page)
  return verdicts.filter((verdict) => !verdict.kept).length
}

function toAbout({ rounds, requests, connections }: Samples): string[] {
  return [
    `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, Linux ${release()}`,
    `${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown CPU'}; processes ${PINNED ? '' : 'not '}pinned to cores`,
    PACKAGES.map((name) => `${name} ${versionOf(name)}`).join(', '),
    `${rounds} rounds, servers in rotated order, ${requests} requests on ${connections} connections a sample`,
    'Ratio: Dewar / the other in CPU time (user and system) of the same round; median and 95 % bootstrap interval',
  ]
}

function versionOf(name: string): string {
  const file = new URL(`../node_modules/${name}/package.json`, import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}

function toSection({ cpuUs, perS }: Samples, row: string, servers: string[]): string {
  const lines = servers.map((server) => {
    const cells = [server, cpuOf(cpuUs, row, server).toFixed(1), middle(perS, row, server)]
    return `| ${[...cells, toText(ratio(cpuUs, [row, 'dewar'], [row, server]))].join(' | ')} |`
  })
  const head = ['| server | CPU µs | requests/s | Dewar / it |', '|---|---:|---:|---|']
  return ['', `## ${row}`, '', ...head, ...lines].join('\n')
}

function cpuOf(table: Table, row: string, server: string): number {
  return median(table[row]?.[server] ?? [])
}

function middle(table: Table, row: string, server: string): string {
  return Math.round(cpuOf(table, row, server)).toString()
}

type Cell = readonly [row: string, server: string]

/** The ratio of two cells, paired by round; none where either was not measured. */
function ratio(table: Table, over: Cell, under: Cell): Estimate | undefined {
  const a = table[over[0]]?.[over[1]]
  const b = table[under[0]]?.[under[1]]
  if (!a || !b || a === b) return undefined
  return estimate(a.map((value, round) => value / (b[round] ?? Number.NaN)))
}

function toText(at: Estimate | undefined): string {
  return at ? `${at.ratio.toFixed(2)} (${at.low.toFixed(2)}-${at.high.toFixed(2)})` : ''
}

function toVerdicts(cpuUs: Table, rows: readonly Row[]): Verdict[] {
  const verdicts: Verdict[] = []
  const judge = (
    budget: string,
    at: Estimate | undefined,
    kept: (at: Estimate) => boolean,
  ): void => {
    if (at) verdicts.push({ budget, at, kept: kept(at) })
  }
  for (const row of FASTIFY_ROWS) {
    const at = ratio(cpuUs, [row, 'dewar'], [row, 'fastify'])
    judge(`${row}: <= 1.15 x Fastify`, at, ({ high }) => high <= 1.15)
  }
  const rejected = ratio(cpuUs, ['rejected', 'dewar'], ['body', 'dewar'])
  judge('rejected: <= 1.3 x the accepted body', rejected, ({ high }) => high <= 1.3)
  for (const { name } of rows.filter(({ isCompared }) => isCompared !== false)) {
    for (const other of OTHERS) {
      const at = ratio(cpuUs, [name, 'dewar'], [name, other])
      judge(`${name}: ahead of ${other}`, at, ({ high }) => high < 1)
    }
  }
  return verdicts
}

function toBudgets(verdicts: Verdict[]): string {
  const lines = verdicts.map(
    ({ budget, at, kept }) => `| ${budget} | ${toText(at)} | ${kept ? 'kept' : '**missed**'} |`,
  )
  return ['', '## Budgets', '', '| budget | measured | |', '|---|---|---|', ...lines].join('\n')
}
