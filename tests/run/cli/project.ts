import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { main } from '../../../src/run/cli/main.ts'

const BIN = fileURLToPath(new URL('../../../bin/dewar.js', import.meta.url))
const PATIENCE_MS = 20_000
const DEWAR = import.meta.resolve('../../../src/index.ts')

/** What one command line did. */
interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** A folder with files of an app, in which `dewar` can be run; gone when it goes out of scope. */
interface Project extends AsyncDisposable {
  readonly dir: string
  write(name: string, text: string): void
  /** Run `dewar` in this process, with an environment of its own. */
  dewar(argv: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ran>
  /** Start the real binary; stopped with the project. */
  start(argv: readonly string[], options?: { env?: NodeJS.ProcessEnv; node?: string[] }): Started
}

/** The real binary, running. */
interface Started {
  readonly child: ChildProcessWithoutNullStreams
  /** Wait until `text` has been printed `times` times, to either output. */
  readonly printed: (text: string, times?: number) => Promise<string>
  readonly ended: (input?: string) => Promise<Ran>
}

/** @param files by name; `'dewar'` in them is this repository's */
export function project(files: Readonly<Record<string, string>> = {}): Project {
  const dir = mkdtempSync(join(tmpdir(), 'dewar-cli-'))
  const started: Started[] = []
  const write = (name: string, text: string): void => {
    const path = join(dir, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text.replaceAll("'dewar'", `'${DEWAR}'`))
  }
  write('package.json', '{ "type": "module" }')
  for (const [name, text] of Object.entries(files)) write(name, text)
  return {
    dir,
    write,
    dewar: (argv, env = {}) => runHere(dir, argv, env),
    start(argv, { env = {}, node = [] } = {}) {
      const args = ['--conditions=@dewar/source', ...node, BIN, ...argv]
      const child = spawn(process.execPath, args, {
        cwd: dir,
        env: { PATH: process.env['PATH'], HOME: dir, ...env },
      })
      const each = watch(child)
      started.push(each)
      return each
    },
    async [Symbol.asyncDispose]() {
      for (const { child } of started) child.kill('SIGTERM')
      await Promise.all(started.map((each) => each.ended()))
      rmSync(dir, { recursive: true })
    },
  }
}

async function runHere(cwd: string, argv: readonly string[], env: NodeJS.ProcessEnv): Promise<Ran> {
  const out: string[] = []
  const err: string[] = []
  const code = await main(argv, {
    cwd,
    env,
    print: (line) => void out.push(line),
    printError: (line) => void err.push(line),
  })
  return { code, out: out.join('\n'), err: err.join('\n') }
}

function watch(child: ChildProcessWithoutNullStreams): Started {
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  const closed = once(child, 'close')
  return {
    child,
    async printed(text, times = 1) {
      const late = setTimeout(PATIENCE_MS, 'late' as const, { ref: false })
      while ((out + err).split(text).length <= times) {
        const heard = new AbortController()
        const news = [child.stdout, child.stderr].map((each) => once(each, 'data', heard))
        const isLate = (await Promise.race([...news, closed, late])) === 'late'
        heard.abort()
        if (!isLate && child.exitCode === null) continue
        throw new Error(`${isLate ? 'In time' : 'Until its end'} no "${text}":\n${out}${err}`)
      }
      return out + err
    },
    async ended(input = '') {
      if (child.stdin.writable) child.stdin.end(input)
      await closed
      return { code: child.exitCode, out, err }
    },
  }
}
