/** The systems that transcripts name: which app is which, and how one is started and stopped. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

interface System {
  /** From the root of the repository. */
  readonly app: string
  readonly env?: Readonly<Record<string, string>>
}

/** What is behind each system. */
const SYSTEMS: Readonly<Record<string, System>> = {
  quickstart: { app: 'examples/quickstart/app.ts' },
  stage2: { app: 'examples/tutorial/stage2/app.ts' },
  stage3: { app: 'examples/tutorial/stage3/app.ts' },
  stage4: { app: 'examples/tutorial/stage4/app.ts' },
  cookies: {
    app: 'examples/cookies/app.ts',
    env: { API_KEY: 'OI2QHUlmiHrJSQWJ14d2xocafGm15QDq' },
  },
  tasks: { app: 'examples/tasks/app.ts' },
  stage5: { app: 'examples/tasks/app.ts', env: { LOGIN_DISABLED: 'true' } },
}

export interface Running {
  readonly pid: number
  readonly port: number
}

const START_WITHIN_MS = 15_000

/** Start a system in the testing profile. @param dir keeps its log and what {@link restartSystem} needs */
export async function startSystem(system: string, dir: string, port?: number): Promise<Running> {
  const known = SYSTEMS[system]
  if (known === undefined) {
    const names = Object.keys(SYSTEMS).join(', ')
    throw new Error(`No app is known for the system "${system}". Known: ${names}.`)
  }
  const env = { ...databaseIn(dir, system), ...known.env }
  const running = await startApp(known.app, join(dir, `${system}.log`), port, env)
  writeFileSync(stateFile(system, dir), JSON.stringify(running))
  return running
}

/** A file of its own, so that a restart finds what was there; another database where the environment names one. */
function databaseIn(dir: string, system: string): Record<string, string> {
  const url = process.env['DATABASE_URL'] ?? `sqlite:///${join(dir, `${system}.db`)}`
  return { DATABASE_URL: url, TEST_DATABASE_URL: url }
}

/** Start an app in the testing profile, on a free port unless told. @param log is a file for what it prints */
async function startApp(
  app: string,
  log: string,
  port: number | undefined,
  env: Readonly<Record<string, string>>,
): Promise<Running> {
  const freePort = port ?? (await findFreePort())
  const output = openSync(log, 'a')
  const options = ['--app', app, '--port', `${freePort}`, '--no-reload', '--no-debug']
  const child = spawn(
    process.execPath,
    ['--conditions=@dewar/source', 'bin/dewar.js', 'run', ...options],
    {
      detached: true,
      stdio: ['ignore', output, output],
      env: { ...process.env, ...env, DEWAR_ENV: 'testing' },
    },
  )
  closeSync(output)
  child.unref()
  await waitUntil(
    () => child.exitCode !== null || isListening(freePort),
    () => child.kill('SIGKILL'),
  )
  if (child.exitCode === null && !child.killed) return { pid: child.pid ?? 0, port: freePort }
  throw new Error(`${app} did not start:\n${readFileSync(log, 'utf8')}`)
}

/** Stop a system and start it again on the same port; it keeps its data, where it has any. */
export async function restartSystem(system: string, dir: string): Promise<void> {
  const running = stateOf(system, dir)
  await stopSystem(running)
  await startSystem(system, dir, running.port)
}

/** Stop a system, and wait until it is gone. */
export async function stopSystem({ pid }: Running): Promise<void> {
  if (isAlive(pid)) process.kill(pid, 'SIGTERM')
  await waitUntil(
    () => !isAlive(pid),
    () => process.kill(pid, 'SIGKILL'),
  )
}

/** What is running of a system; another process may have restarted it. */
export function stateOf(system: string, dir: string): Running {
  return JSON.parse(readFileSync(stateFile(system, dir), 'utf8'))
}

function stateFile(system: string, dir: string): string {
  return join(dir, `${system}.json`)
}

async function waitUntil(
  isDone: () => boolean | Promise<boolean>,
  onLate: () => void,
): Promise<void> {
  const deadline = Date.now() + START_WITHIN_MS
  while (!(await isDone())) {
    if (Date.now() > deadline) return onLate()
    await sleep(25)
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}
