/** The `ts` blocks: compiled together, then executed, each as a file of its own. */
import { fork } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { capture } from './capture.ts'
import type { Block, Page } from './pages.ts'

const OUT = '.check-docs'
const RUNNER = join(import.meta.dirname, 'run_examples.ts')
const RUNNERS = 2
const RUN_WITHIN_MS = 30_000

/** A block as a file, whose lines stand where they stand in the page: an error names the page's line. */
interface Example {
  readonly name: string
  readonly block: Block
}

/** What {@link RUNNER} says of one file. */
export interface Ran {
  readonly name: string
  readonly error: string | undefined
}

/** @returns how many blocks there are, and what is wrong with them */
export async function checkExamples(pages: readonly Page[]) {
  // Begin with nothing: a block that is gone must not be checked.
  rmSync(OUT, { recursive: true, force: true })
  mkdirSync(OUT)
  const examples = pages.flatMap((page) => writeExamples(page.blocks.filter(isExample)))
  if (examples.length === 0) return { count: 0, problems: [] }
  const tsBuildInfoFile = '../node_modules/.cache/tsc/docs'
  const config = {
    extends: '../tsconfig.json',
    include: ['*.ts'],
    compilerOptions: { incremental: true, tsBuildInfoFile },
  }
  writeFileSync(join(OUT, 'tsconfig.json'), JSON.stringify(config))
  const found = await Promise.all([
    compile(examples),
    ...Array.from({ length: RUNNERS }, (_, nth) =>
      execute(examples.filter((_example, i) => i % RUNNERS === nth)),
    ),
  ])
  return { count: examples.length, problems: found.flat() }
}

function isExample({ language, info }: Block): boolean {
  return language === 'ts' && !info.startsWith('file=')
}

function writeExamples(blocks: readonly Block[]): Example[] {
  return blocks.map((block, i) => {
    const start = blocks.findLastIndex((each, at) => at <= i && !isContinuation(each))
    const name = `${block.page.replaceAll(/\W/g, '_')}__${block.line}.ts`
    writeFileSync(join(OUT, name), toModule(blocks.slice(Math.max(start, 0), i + 1)))
    return { name, block }
  })
}

function isContinuation({ lines }: Block): boolean {
  return lines[0]?.trim() === '// continues'
}

const PRELUDE =
  "import { deepEqual as __deepEqual } from 'node:assert/strict'; " +
  'function __is(actual: unknown, expected: unknown): void { __deepEqual(actual, expected) } void __is'

function toModule(blocks: readonly Block[]): string {
  const lines = [PRELUDE]
  for (const block of blocks) {
    while (lines.length < block.line) lines.push('')
    lines.push(...withAssertions(block.lines))
  }
  return `${lines.join('\n')}\n`
}

/** Make each `//=> value`, below its expression or behind it, an assertion; no line moves. */
function withAssertions(block: readonly string[]): string[] {
  const lines = [...block]
  for (const [i, line] of block.entries()) {
    const [, expression = '', value] = /^(.*?)\s*\/\/=> (.*)$/.exec(line) ?? []
    if (value === undefined) continue
    if (expression.trim() !== '') {
      lines[i] = `__is(${expression}, ${value})`
      continue
    }
    const start = startOfStatement(block, i)
    lines[start] = `__is(${lines[start] ?? ''}`
    lines[i] = `, ${value})`
  }
  return lines
}

/** The line above `end` where its statement begins: as far left, and nothing that closes or goes on. */
function startOfStatement(lines: readonly string[], end: number): number {
  const indent = lines[end]?.search(/\S/) ?? 0
  return lines.findLastIndex((line, i) => {
    return i < end && line.search(/\S/) === indent && !/^\s*[)\]}.?:&|]/.test(line)
  })
}

async function compile(examples: readonly Example[]): Promise<string[]> {
  const { output, code } = await capture('tsc', ['-p', OUT, '--pretty', 'false'])
  if (code === 0) return []
  const named = output
    .trim()
    .replaceAll(/^(?:.*\/)?(\w+\.ts)\((\d+),\d+\): /gm, (all, name, line) => {
      const example = examples.find((each) => each.name === name)
      return example ? `${example.block.page}:${line}: ` : all
    })
  return named.split(/\n(?!\s)/)
}

async function execute(examples: readonly Example[]): Promise<string[]> {
  const names = examples.map(({ name }) => name)
  const reports = new Map<string, Ran>()
  const { NODE_ENV: _, ...env } = process.env
  const child = fork(RUNNER, names, {
    cwd: OUT,
    execArgv: ['--conditions=@dewar/source'],
    env: { ...env, NO_COLOR: '1' },
    silent: true,
    timeout: RUN_WITHIN_MS,
    killSignal: 'SIGKILL',
  })
  child.on('message', (ran: Ran) => {
    // A later error of the same block comes from what it has left running.
    if (reports.get(ran.name)?.error === undefined) reports.set(ran.name, ran)
  })
  const { output, code } = await capture(child)
  const problems = examples.flatMap((example) => {
    const report = reports.get(example.name)
    const error = report ? report.error : 'was not run, or did not end.'
    return error === undefined ? [] : [toProblem(example, error, examples)]
  })
  if (code === 0) return problems
  const end = `The process that runs the examples ended with ${code}:\n${withPages(examples, output)}`
  return [...problems, end]
}

/** Blame the line that the stack names first, which may be of an earlier block that left something running. */
function toProblem(example: Example, error: string, examples: readonly Example[]): string {
  const places = [...error.matchAll(/(\w+\.ts):(\d+)/g)].flatMap(([, name, line]) => {
    const found = examples.find((each) => each.name === name)
    // The first line of a file is the checker's own.
    return found && line !== '1' ? [`${found.block.page}:${line}`] : []
  })
  const place = places[0] ?? `${example.block.page}:${example.block.line}`
  const shown = error
    .split('\n')
    .filter((line) => !/^ +at .*(?:node:|run_examples\.ts|__is )/.test(line))
  return `${place}: the example ${withPages(examples, shown.join('\n'))}`
}

/** Name the pages in place of the files made of them. */
function withPages(examples: readonly Example[], text: string): string {
  return examples.reduce(
    (named, { name, block }) =>
      named.replaceAll(new RegExp(`(?:file://)?[^\\s(]*${name}`, 'g'), block.page),
    text,
  )
}
