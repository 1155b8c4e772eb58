/**
 * Play transcripts: `npm run play -- tests/transcripts/quickstart.jsonl …`
 *
 * Starts the systems that the files name, on free ports, in the testing profile; resets and restarts them
 * as the lines ask; exits with 1 when an answer is not the expected one. Any file of that form may be given.
 * Options of the player itself (`--id`, `--only`, `--skip`, `--verbose`) are passed on. The lines that
 * `tests/transcripts/left_out.json` names, each with its reason, are not played unless `--id` asks for them.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { restartSystem, startSystem, stateOf, stopSystem } from './systems.ts'

const PLAYER = 'tests/transcripts/run-transcripts.mjs'
const LEFT_OUT = 'tests/transcripts/left_out.json'

const [verb, ...rest] = process.argv.slice(2)
if (verb === '--restart') {
  const [system = '', dir = ''] = rest
  await restartSystem(system, dir)
} else {
  process.exitCode = await play(process.argv.slice(2))
}

async function play(args: readonly string[]): Promise<number> {
  const files = args.filter((arg) => arg.endsWith('.jsonl'))
  if (files.length === 0) {
    console.error('Which transcripts? npm run play -- tests/transcripts/quickstart.jsonl …')
    return 2
  }
  const dir = mkdtempSync(join(tmpdir(), 'dewar-play-'))
  const started: string[] = []
  try {
    const bases: string[] = []
    for (const system of systemsIn(files)) {
      const { port } = await startSystem(system, dir)
      started.push(system)
      bases.push('--base', `${system}=http://127.0.0.1:${port}`)
    }
    const played = args.includes('--id') ? args : args.map((arg) => withoutLeftOut(arg, dir))
    return await runPlayer([...bases, ...resets(dir), ...played])
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return 2
  } finally {
    for (const system of started) await stopSystem(stateOf(system, dir))
    rmSync(dir, { recursive: true })
  }
}

/** A file without the lines that are left out; any other argument as it is. */
function withoutLeftOut(arg: string, dir: string): string {
  if (!arg.endsWith('.jsonl')) return arg
  const leftOut = JSON.parse(readFileSync(LEFT_OUT, 'utf8')) as Record<string, string>
  const lines = readFileSync(arg, 'utf8').split('\n').filter(Boolean)
  const kept = lines.filter((line) => !((JSON.parse(line) as { id: string }).id in leftOut))
  if (kept.length === lines.length) return arg
  console.log(`${lines.length - kept.length} lines of ${arg} are left out: ${LEFT_OUT}`)
  const file = join(dir, basename(arg))
  writeFileSync(file, kept.join('\n'))
  return file
}

function systemsIn(files: readonly string[]): Set<string> {
  const lines = files.flatMap((file) => readFileSync(file, 'utf8').split('\n').filter(Boolean))
  return new Set(lines.map((line) => (JSON.parse(line) as { system: string }).system))
}

function resets(dir: string): string[] {
  const restart = [process.execPath, ...process.execArgv, import.meta.filename, '--restart']
  const command = restart.map((word) => `'${word}'`).join(' ')
  return ['--reset-path', '/__reset', '--restart-cmd', `${command} {system} '${dir}'`]
}

async function runPlayer(args: readonly string[]): Promise<number> {
  const player = spawn(process.execPath, [PLAYER, ...args], { stdio: 'inherit' })
  const [code] = (await once(player, 'close')) as [number | null]
  return code ?? 1
}
