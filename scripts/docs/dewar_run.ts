import { type ChildProcess, spawn } from 'node:child_process'

const START_WITHIN_MS = 15_000
/** The last line of the development server's start-up. */
const READY = /^Press Ctrl\+C to stop$/m

interface Startup {
  readonly output: string
  readonly port: string
}

/**
 * Start `dewar run` on a free port, and stop it when it listens.
 *
 * @returns all that it said, also when it refused to start
 */
export async function startAndStop(command: string, env: Record<string, string>): Promise<Startup> {
  const child = spawn(`exec ${command} --no-reload --port 0`, {
    shell: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', ...env },
    timeout: START_WITHIN_MS,
  })
  const output = await untilReady(child)
  return { output, port: /Running on \S+:(\d+)/.exec(output)?.[1] ?? '0' }
}

function untilReady(child: ChildProcess): Promise<string> {
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
      if (READY.test(output)) child.kill()
    })
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', () => resolve(output))
  })
}
