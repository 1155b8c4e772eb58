import { setTimeout as passed } from 'node:timers/promises'
import type { AnyApp } from '../../app/app.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Ctrl+C reaches every process of a terminal, and the watching one passes it on: the same signal, twice. */
const SAME_SIGNAL_MS = 300
const SWEEP_MS = 50
/** For closing what extensions hold, once all connections are cut. */
const RELEASE_MS = 1000

/**
 * Wait for SIGINT, SIGTERM or SIGHUP, then close the app.
 *
 * Requests in flight may finish until the deadline, or until a second signal, cuts them off.
 */
export async function untilStopped(
  app: AnyApp,
  deadlineMs: number,
  printError: (line: string) => void,
): Promise<void> {
  const stop = Promise.withResolvers<void>()
  const force = Promise.withResolvers<'forced'>()
  let stoppedAt: number | undefined
  const onSignal = (): void => {
    stoppedAt ??= performance.now()
    stop.resolve()
    if (performance.now() - stoppedAt > SAME_SIGNAL_MS) force.resolve('forced')
  }
  for (const signal of SIGNALS) process.on(signal, onSignal)
  try {
    await stop.promise
    await close(
      app,
      [force.promise, passed(deadlineMs, 'late' as const, { ref: false })],
      printError,
    )
  } finally {
    for (const signal of SIGNALS) process.off(signal, onSignal)
  }
}

async function close(
  app: AnyApp,
  ends: readonly Promise<'forced' | 'late'>[],
  printError: (line: string) => void,
): Promise<void> {
  const { server } = app.fastify
  // A connection that is busy when the server closes would else be kept alive after its answer.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS)
  const closing = app.close().finally(() => clearInterval(sweep))
  const end = await Promise.race([closing, ...ends])
  if (end === undefined) return
  closing.catch(() => undefined)
  server.closeAllConnections()
  printError('Requests that were still being answered were cut off.')
  await Promise.race([closing, passed(RELEASE_MS)])
}
