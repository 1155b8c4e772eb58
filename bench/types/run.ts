/** Time `tsc --noEmit` on apps of 0 to 1,000 typed routes: `--repeats 3 --check`. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { median } from '../http/stats.ts'
import { generate } from './generate.ts'

const SIZES = [0, 100, 300, 1_000]
const GENERATED = new URL('.generated/', import.meta.url).pathname
const ROOT = new URL('../../', import.meta.url).pathname
const TSC = `${ROOT}node_modules/.bin/tsc`

const { values: options } = parseArgs({
  options: {
    repeats: { type: 'string', default: '3' },
    check: { type: 'boolean', default: false },
  },
})

rmSync(GENERATED, { recursive: true, force: true })
// Users meet Dewar as declarations, so its own sources are not checked along.
tsc('-p', `${ROOT}tsconfig.build.json`, '--emitDeclarationOnly', '--outDir', `${GENERATED}dewar`)
for (const size of SIZES) generate(`${GENERATED}app_${size}`, size)

const seconds = new Map<number, number[]>(SIZES.map((size) => [size, []]))
for (let repeat = 0; repeat < Number(options.repeats); repeat++) {
  for (const [size, times] of seconds) {
    const start = performance.now()
    tsc('-p', `${GENERATED}app_${size}`)
    times.push((performance.now() - start) / 1_000)
  }
}
if (!report() && options.check) process.exitCode = 1

/**
 * Run the compiler.
 *
 * @throws {Error} when it finds an error, which it then has printed
 */
function tsc(...args: string[]): void {
  const { status } = spawnSync(TSC, args, { stdio: 'inherit' })
  if (status !== 0) throw new Error(`tsc ${args.join(' ')} ended with ${status}.`)
}

function of(size: number): number {
  return median(seconds.get(size) ?? [])
}

/** Print and write the page; whether every budget is kept. */
function report(): boolean {
  const [none, few, many] = [of(0), of(300), of(1_000)]
  const budgets: [string, number, number][] = [
    ['300 routes, seconds more than none', few - none, 1],
    ['1,000 routes, seconds', many, 3.5],
    [
      'linear: a route of 1,000 / a route of 300',
      (many - none) / 1_000 / ((few - none) / 300),
      1.5,
    ],
  ]
  const page = [
    '# Types: seconds of `tsc --noEmit`',
    `- ${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown CPU'}`,
    `- Median of ${options.repeats}; half the routes load a query of 5 fields, half a body of 6; outputs of 6 and 9 fields`,
    '',
    '| routes | s |',
    '|---:|---:|',
    ...SIZES.map((size) => `| ${size} | ${of(size).toFixed(2)} |`),
    '',
    '| budget | measured | at most | |',
    '|---|---:|---:|---|',
    ...budgets.map(
      ([name, is, most]) => `| ${name} | ${is.toFixed(2)} | ${most} | ${kept(is, most)} |`,
    ),
  ].join('\n')
  const results = new URL('../results/', import.meta.url)
  mkdirSync(results, { recursive: true })
  writeFileSync(new URL('types.md', results), `${page}\n`)
  console.log(page)
  return budgets.every(([, is, most]) => is <= most)
}

function kept(is: number, most: number): string {
  return is <= most ? 'kept' : '**missed**'
}
