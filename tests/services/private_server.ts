import { type ChildProcess, execFile, execFileSync, spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { freePort } from './free_port.ts'

const PATIENCE_MS = 60_000

/** A server of this process only: how its folder is prepared, how it runs, what shows that it answers. */
export interface PrivateServer {
  /** The user that it runs as when tests run as root, where there is one. */
  readonly user: string
  /** The signal that ends it at once, whoever is connected. */
  readonly signal: 'INT' | 'TERM'
  readonly prepare?: (dir: string) => readonly string[]
  readonly command: (dir: string, port: number) => readonly string[]
  /** @throws while it does not answer */
  readonly reach: (port: number) => Promise<void>
}

interface Owner {
  readonly uid?: number
  readonly gid?: number
}

/**
 * Start a server in a folder of its own; both are gone when this process is, however it ended.
 *
 * @returns its port
 */
export async function startPrivate(server: PrivateServer): Promise<number> {
  const owner = toOwner(server.user)
  const dir = mkdtempSync(join(tmpdir(), 'dewar-test-server-'))
  try {
    if (owner.uid !== undefined && owner.gid !== undefined) chownSync(dir, owner.uid, owner.gid)
    const [program, ...args] = server.prepare?.(dir) ?? []
    if (program) await promisify(execFile)(program, args, { ...owner, cwd: dir })
    const port = await freePort()
    await untilReached(server, port, guarded(server, dir, port, owner))
    return port
  } catch (error) {
    const output = readOutput(dir)
    rmSync(dir, { recursive: true, force: true })
    throw output ? new Error(`It ended with:\n${output}`, { cause: error }) : error
  }
}

/** Ends the server when its third pipe closes, which even kill -9 of the tests does. */
const GUARD = `
dir=$1 signal=$2; shift 2
"$@" 3<&- > "$dir/output" 2>&1 &
server=$!
{
  cat > /dev/null
  kill -s "$signal" "$server"
  while kill -0 "$server"; do sleep 0.1; done
  rm -rf "$dir"
} <&3 2> /dev/null &
wait "$server"
`

function guarded(
  { signal, command }: PrivateServer,
  dir: string,
  port: number,
  owner: Owner,
): ChildProcess {
  const args = ['-c', GUARD, 'guard', dir, signal, ...command(dir, port)]
  const stdio = ['ignore', 'ignore', 'ignore', 'pipe'] as const
  const guard = spawn('sh', args, { ...owner, cwd: '/', detached: true, stdio: [...stdio] })
  guard.unref()
  const [, , , pipe] = guard.stdio
  if (pipe instanceof Socket) pipe.unref()
  return guard
}

async function untilReached(
  server: PrivateServer,
  port: number,
  guard: ChildProcess,
): Promise<void> {
  const giveUpAt = performance.now() + PATIENCE_MS
  for (;;) {
    try {
      return await server.reach(port)
    } catch (error) {
      if (guard.exitCode !== null || performance.now() > giveUpAt) throw error
    }
    await sleep(50)
  }
}

function readOutput(dir: string): string {
  const path = join(dir, 'output')
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').slice(-5).join('\n') : ''
}

/** The user to run as: these servers refuse root, and others may not read a folder of root's. */
function toOwner(user: string): Owner {
  if (process.getuid?.() !== 0) return {}
  const name = isUser(user) ? user : 'nobody'
  return { uid: idOf('-u', name), gid: idOf('-g', name) }
}

function isUser(name: string): boolean {
  return spawnSync('id', ['-u', name], { stdio: 'ignore' }).status === 0
}

function idOf(flag: '-u' | '-g', name: string): number {
  return Number(execFileSync('id', [flag, name], { encoding: 'utf8' }))
}

/**
 * Find a program on the path, or where packages keep what is not on it; the last one matches best.
 *
 * @throws {Error} when it is not installed
 */
export function toProgram(name: string, elsewhere: readonly string[] = []): string {
  const onPath = (process.env['PATH'] ?? '').split(delimiter)
  const found = [...onPath, '/usr/sbin', ...elsewhere.flatMap((dir) => globSync(dir).toReversed())]
    .map((dir) => join(dir, name))
    .find((path) => existsSync(path))
  if (found) return found
  throw new Error(`${name} is not installed`)
}
