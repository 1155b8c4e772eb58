import type { AnyApp } from '../../app/app.ts'
import { type ListenOptions, type RunningServer, startServer } from './running_server.ts'

export interface ServeOptions extends ListenOptions {
  /** Hears the exit code when all is done. Default: ends the process. */
  readonly exit?: (code: number) => void
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const FAULTS = ['uncaughtException', 'unhandledRejection'] as const

/** Ctrl+C reaches every process of a terminal, and one that watches passes it on: the same signal, twice. */
const SAME_SIGNAL_MS = 300

/**
 * Serve `app` until a signal comes: SIGTERM, SIGINT or SIGHUP.
 *
 * Then requests in flight finish, the app is closed, and the process exits: with 0, or with 1 when the deadline cut
 * something off. A second signal does not wait. What nobody caught is logged, and stops the server with 1: nobody knows
 * what state it has left behind.
 *
 * @throws {Error} when the app cannot start, or the port cannot be had
 *
 * @example
 * ```ts
 * import { App } from 'dewar'
 * import { serve } from 'dewar/server'
 *
 * const app = new App('hello', { logger: false })
 * app.get('/', () => ({ hello: 'world' }))
 * const server = await serve(app, { port: 0, exit: () => {} })
 * await server.stop()
 * ```
 */
export async function serve(app: AnyApp, options: ServeOptions = {}): Promise<RunningServer> {
  const server = await startServer(app, options)
  watchProcess(server, options.exit ?? exitProcess)
  return server
}

function watchProcess(server: RunningServer, exit: (code: number) => void): void {
  let stoppedAt: number | undefined
  let hasFailed = false

  function stop(): void {
    if (stoppedAt !== undefined) return
    stoppedAt = performance.now()
    void server.stop()
  }

  function onSignal(): void {
    if (stoppedAt !== undefined && performance.now() - stoppedAt > SAME_SIGNAL_MS) server.force()
    stop()
  }

  function onFault(error: unknown): void {
    hasFailed = true
    logFault(server.app, error)
    stop()
  }

  function finish(isClean: boolean): void {
    for (const signal of SIGNALS) process.off(signal, onSignal)
    for (const fault of FAULTS) process.off(fault, onFault)
    exit(isClean && !hasFailed ? 0 : 1)
  }

  for (const signal of SIGNALS) process.on(signal, onSignal)
  for (const fault of FAULTS) process.on(fault, onFault)
  void server.stopped.then(finish)
}

/** Of all that is ever logged this must not be lost, even where the app logs nothing. */
function logFault({ log }: AnyApp, error: unknown): void {
  if (log.isLevelEnabled('fatal')) log.fatal({ err: error }, 'nobody caught this; the server stops')
  else console.error(error)
}

function exitProcess(code: number): void {
  process.exit(code)
}
