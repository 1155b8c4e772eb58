import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, release } from 'node:os'
import { type Estimate, estimate, median } from '../http/stats.ts'
import type { Samples } from './measure.ts'
import { ABOUT, type RowName } from './rows.ts'
import type { DatabaseName } from './serve.ts'

/** What a run found in one database, or why it did not. */
export type Measured = { database: DatabaseName } & ({ samples: Samples } | { skipped: string })

/** How a run measured. */
export interface Method {
  rounds: number
  sampleMs: number
  rows: readonly RowName[]
  names: readonly string[]
}

/** A promise of the design and what came of it. */
interface Verdict {
  budget: string
  measured: string
  isKept: boolean
}

/** Throughput on SQLite, at least so much of what is written by hand. */
const BUDGETS: Partial<Record<RowName, number>> = {
  'get by key': 0.8,
  'builder by key': 0.45,
  'list of 20': 0.8,
  'graph of 50': 0.8,
}
const OTHERS = ['kysely', 'drizzle', 'typeorm', 'mikroorm']
const MAX_GROWTH_MIB = 64
const MIB = 2 ** 20
const PACKAGES = ['better-sqlite3', 'pg', 'kysely', 'drizzle-orm', 'typeorm', '@mikro-orm/core']

/** Write `results/data.md` and `.json`, print the page, and count the budgets that are not kept. */
export function writeReport(measured: readonly Measured[], method: Method): number {
  const verdicts = measured.flatMap((each) => toVerdicts(each, method.rows))
  const about = toAbout(method)
  const page = [
    '# Data: CPU an operation',
    ...about.map((line) => `- ${line}`),
    ...measured.flatMap((each) => toSections(each, method)),
    toBudgets(verdicts),
  ].join('\n')
  const results = new URL('../results/', import.meta.url)
  mkdirSync(results, { recursive: true })
  writeFileSync(new URL('data.md', results), `${page}\n`)
  writeFileSync(new URL('data.json', results), JSON.stringify({ about, verdicts, measured }))
  console.log(page)
  return verdicts.filter(({ isKept }) => !isKept).length
}

function toAbout({ rounds, sampleMs }: Method): string[] {
  return [
    `${new Date().toISOString().slice(0, 10)}, Node ${process.version} with SQLite ${process.versions.sqlite}, Linux ${release()}`,
    `${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown CPU'}`,
    PACKAGES.map((name) => `${name} ${versionOf(name)}`).join(', '),
    `${rounds} rounds, participants in rotated order, about ${sampleMs} ms a sample`,
    "CPU: of the participant's process (user and system), without the server; wall: with it",
    'Throughput: Dewar / the other, from the CPU time of the same round; median and 95 % bootstrap interval',
  ]
}

function versionOf(name: string): string {
  const file = new URL(`../node_modules/${name}/package.json`, import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}

function toSections(measured: Measured, { rows, names }: Method): string[] {
  const { database } = measured
  if ('skipped' in measured) return ['', `## ${database}`, '', `Skipped: ${measured.skipped}`]
  return rows.flatMap((row) => {
    const growth = row === 'stream' ? ' MiB more at the peak |' : ''
    return [
      '',
      `## ${database}: ${row}`,
      '',
      `${ABOUT[row]}.`,
      '',
      `| participant | CPU µs | wall µs | throughput: Dewar / it |${growth}`,
      `|---|---:|---:|---|${growth && '---:|'}`,
      ...names.map((name) => toLine(measured.samples, row, name)),
    ]
  })
}

function toLine(samples: Samples, row: RowName, name: string): string {
  const taken = samples[row]?.[name] ?? []
  const cpu = median(taken.map(({ cpuUs }) => cpuUs))
  const wall = median(taken.map(({ wallUs }) => wallUs))
  const cells = [name, cpu.toFixed(1), wall.toFixed(1), toText(throughput(samples, row, name))]
  if (row === 'stream') cells.push(growthMiB(samples, name).toFixed(0))
  return `| ${cells.join(' | ')} |`
}

function growthMiB(samples: Samples, name: string): number {
  return Math.max(...(samples.stream?.[name] ?? []).map(({ growthBytes }) => growthBytes)) / MIB
}

/** Of Dewar in that of another, paired by round; none where either was not measured. */
function throughput(samples: Samples, row: RowName, other: string): Estimate | undefined {
  const { dewar, [other]: theirs } = samples[row] ?? {}
  if (!dewar || !theirs || dewar === theirs) return undefined
  return estimate(dewar.map(({ cpuUs }, round) => (theirs[round]?.cpuUs ?? Number.NaN) / cpuUs))
}

function toText(at: Estimate | undefined): string {
  return at ? `${at.ratio.toFixed(2)} (${at.low.toFixed(2)}-${at.high.toFixed(2)})` : ''
}

function toVerdicts(measured: Measured, rows: readonly RowName[]): Verdict[] {
  if ('skipped' in measured) return []
  const { database, samples } = measured
  const verdicts: Verdict[] = []
  const judge = (budget: string, at: Estimate | undefined, isKept: (at: Estimate) => boolean) => {
    if (at) verdicts.push({ budget: `${database}, ${budget}`, measured: toText(at), isKept: isKept(at) })
  }
  for (const row of rows) {
    const least = database === 'sqlite' ? BUDGETS[row] : undefined
    if (least !== undefined) {
      judge(`${row}: >= ${least} of raw`, throughput(samples, row, 'raw'), ({ low }) => low >= least)
    }
    for (const other of OTHERS) {
      judge(`${row}: ahead of ${other}`, throughput(samples, row, other), ({ low }) => low > 1)
    }
  }
  if (samples.stream?.dewar) verdicts.push(toMemoryVerdict(database, growthMiB(samples, 'dewar')))
  return verdicts
}

function toMemoryVerdict(database: DatabaseName, mib: number): Verdict {
  return {
    budget: `${database}, stream: <= ${MAX_GROWTH_MIB} MiB more`,
    measured: `${mib.toFixed(0)} MiB`,
    isKept: mib <= MAX_GROWTH_MIB,
  }
}

function toBudgets(verdicts: readonly Verdict[]): string {
  const lines = verdicts.map(
    ({ budget, measured, isKept }) => `| ${budget} | ${measured} | ${isKept ? 'kept' : '**missed**'} |`,
  )
  return ['', '## Budgets', '', '| budget | measured | |', '|---|---|---|', ...lines].join('\n')
}
