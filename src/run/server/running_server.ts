import { setTimeout as passed } from 'node:timers/promises'
import type { AnyApp } from '../../app/app.ts'
import { type Duration, toMs } from '../../lib/duration.ts'

export interface ListenOptions {
  /** Default 5000; 0 is any that is free. */
  readonly port?: number
  /** Default `'127.0.0.1'`, this machine only; `'0.0.0.0'` is every network. */
  readonly host?: string
  /** For requests in flight, when it stops. Default 10 seconds. */
  readonly deadline?: Duration
}

/** For what extensions hold, once all connections are cut. */
const RELEASE_MS = 1000

/** A server that listens, and knows how to stop. */
export class RunningServer {
  readonly app: AnyApp
  /** The address that it listens on, such as `'http://127.0.0.1:5000'`. */
  readonly url: string
  readonly #deadlineMs: number
  readonly #force: PromiseWithResolvers<'forced'> = Promise.withResolvers()
  readonly #stopped: PromiseWithResolvers<boolean> = Promise.withResolvers()
  #isStopping = false

  /** Use {@link startServer}. */
  constructor(app: AnyApp, url: string, deadline: Duration) {
    this.app = app
    this.url = url
    this.#deadlineMs = toMs(deadline)
  }

  /** Whoever stopped it: whether all requests were answered, and the app was closed, before the deadline. */
  get stopped(): Promise<boolean> {
    return this.#stopped.promise
  }

  /**
   * Refuse new connections, let requests in flight finish, close the app.
   *
   * @returns the same as {@link stopped}
   */
  stop(): Promise<boolean> {
    if (!this.#isStopping) this.#stopped.resolve(this.#stop())
    this.#isStopping = true
    return this.stopped
  }

  /** Do not wait for the deadline. */
  force(): void {
    this.#force.resolve('forced')
  }

  async #stop(): Promise<boolean> {
    const { app } = this
    const closing = close(app)
    const late = passed(this.#deadlineMs, 'late' as const, { ref: false })
    const end = await Promise.race([closing, this.#force.promise, late])
    const { length } = app.connections.inFlight
    app.connections.destroy()
    if (typeof end === 'boolean') return end
    const why = end === 'late' ? `after ${this.#deadlineMs} ms` : 'by a second signal'
    app.log.error({ in_flight: length }, `the server was stopped ${why}, before all was done`)
    await Promise.race([closing, passed(RELEASE_MS)])
    return false
  }
}

/** @returns false when what extensions opened could not be released */
async function close(app: AnyApp): Promise<boolean> {
  try {
    await app.close()
    return true
  } catch (error) {
    app.log.fatal({ err: error }, 'the app could not be closed')
    return false
  }
}

/**
 * Listen, and leave signals to the caller; {@link serve} is for a process of its own.
 *
 * @throws {Error} when the app cannot start, or the port cannot be had; the app is closed then
 */
export async function startServer(
  app: AnyApp,
  { deadline = '10s', ...address }: ListenOptions = {},
): Promise<RunningServer> {
  try {
    return new RunningServer(app, await app.listen(address), deadline)
  } catch (error) {
    await close(app)
    throw error
  }
}
