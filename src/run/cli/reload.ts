import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Profile } from '../../app/config/profile.ts'
import type { Terminal } from './terminal.ts'

const BIN = fileURLToPath(new URL('../../../bin/dewar.js', import.meta.url))
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Tells the process that serves that another one starts it anew on every change. */
const RELOADING = 'DEWAR_RELOADING'

/** Whether this process is one that {@link runReloading} started. */
export function isReloading({ env }: Terminal): boolean {
  return env[RELOADING] === '1'
}

/**
 * Have Node run `dewar run` in another process, and start it anew whenever a file that it has imported changes.
 *
 * @param argv options of `dewar run`
 * @returns the exit code, when a signal has stopped both
 */
export function runReloading(argv: readonly string[], { cwd, env }: Terminal): Promise<number> {
  const node = [...process.execArgv, '--watch', '--watch-preserve-output']
  const watcher = spawn(process.execPath, [...node, BIN, 'run', '--no-reload', ...argv], {
    cwd,
    env: { ...env, [RELOADING]: '1' },
    stdio: 'inherit',
  })
  let isStopping = false
  const onSignal = (signal: NodeJS.Signals): void => {
    isStopping = true
    // Node's watcher passes on these two only; of others it dies, and leaves the server behind.
    watcher.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal)
  }
  for (const signal of SIGNALS) process.on(signal, onSignal)
  return new Promise((resolve, reject) => {
    watcher.once('error', reject)
    watcher.once('exit', (code) => {
      for (const signal of SIGNALS) process.off(signal, onSignal)
      resolve(isStopping ? 0 : (code ?? 1))
    })
  })
}

/** Have the process that watches start this one anew when the files of the configuration change, too. */
export function watchConfiguration(cwd: string, profile: Profile): void {
  const files = ['.env', `.env.${profile}`, 'instance/config.json'].map((name) => join(cwd, name))
  // Not documented, but how tsx and others have told Node's watcher about their files since Node 18.
  process.send?.({ 'watch:require': files })
}
