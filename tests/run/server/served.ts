import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A server in a process of its own. */
export interface Served extends AsyncDisposable {
  readonly child: ChildProcess
  readonly port: number
  /** All lines that it has written, to either output. */
  readonly lines: string[]
  /** @returns the exit code, and how long it took from now, in milliseconds */
  ended(): Promise<{ code: number | null; ms: number }>
}

/** @param file with an app that prints its port when it listens */
export async function startProcess(file: URL, ...argv: string[]): Promise<Served> {
  const node = ['--conditions=@dewar/source', '--expose-gc', fileURLToPath(file), ...argv]
  const child = spawn(process.execPath, node, {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const lines: string[] = []
  const exited = once(child, 'exit')
  createInterface(child.stderr!).on('line', (line) => void lines.push(line))
  const output = createInterface(child.stdout!)
  const [port] = (await Promise.race([once(output, 'line'), exited])) as [string]
  output.on('line', (line) => void lines.push(line))
  return {
    child,
    port: Number(port),
    lines,
    async ended() {
      const start = performance.now()
      await exited
      return { code: child.exitCode, ms: performance.now() - start }
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await exited
    },
  }
}
