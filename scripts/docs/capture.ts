import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process'

export interface Captured {
  /** Standard output and standard error, as they came. */
  readonly output: string
  /** Null when the process was killed. */
  readonly code: number | null
}

/** Run a program, or take one that runs, to its end. */
export function capture(child: ChildProcess): Promise<Captured>
export function capture(
  file: string,
  args: readonly string[],
  options?: SpawnOptions,
): Promise<Captured>
export function capture(
  program: ChildProcess | string,
  args: readonly string[] = [],
  options: SpawnOptions = {},
): Promise<Captured> {
  const stdio = ['ignore', 'pipe', 'pipe'] as const
  const child =
    typeof program === 'string' ? spawn(program, args, { ...options, stdio: [...stdio] }) : program
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => (output += chunk))
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ output, code }))
  })
}
