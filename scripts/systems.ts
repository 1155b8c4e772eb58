/** The systems that transcripts name: which app is which, and how one is started and stopped. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** The app behind each system, from the root of the repository. */
export const SYSTEMS: Readonly<Record<string, string>> = {
  quickstart: 'examples/quickstart/app.ts',
  stage2: 'examples/tutorial/stage2/app.ts',
  stage3: 'examples/tutorial/stage3/app.ts',
}

export interface Running {
  readonly pid: number
  readonly port: number
}

const START_WITHIN_MS = 15_000

/** Start a system in the testing profile. @param dir keeps its log and what {@link restartSystem} needs */
export async function startSystem(system: string, dir: string, port?: number): Promise<Running> {
  const app = SYSTEMS[system]
  if (app === undefined) {
    const known = Object.keys(SYSTEMS).join(', ')
    throw new Error(`No app is known for the system "${system}". Known: ${known}.`)
  }
  const running = await startApp(app, join(dir, `${system}.log`), port)
  writeFileSync(stateFile(system, dir), JSON.stringify(running))
  return running
}

/** Start an app in the testing profile, on a free port unless told. @param log is a file for what it prints */
export async function startApp(app: string, log: string, port?: number): Promise<Running> {
  const freePort = port ?? (await findFreePort())
  const output = openSync(log, 'a')
  const options = ['--app', app, '--port', `${freePort}`, '--no-reload', '--no-debug']
  const child = spawn(
    process.execPath,
    ['--conditions=@dewar/source', 'bin/dewar.js', 'run', ...options],
    {
      detached: true,
      stdio: ['ignore', output, output],
      env: { ...process.env, DEWAR_ENV: 'testing' },
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
