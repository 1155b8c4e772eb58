import { DatabaseBusy, DatabaseUnavailable } from '../errors.ts'
import type { MariadbConnection } from './connection.ts'

export interface PoolOptions {
  readonly maxConnections: number
  /** How long to wait for a connection before it is an error. */
  readonly waitMs: number
  /** How long a connection is kept that nobody needs. */
  readonly idleMs: number
}

interface Waiter {
  readonly since: number
  readonly isAbandoned: () => boolean
  readonly timer: NodeJS.Timeout
  /** Given nothing, it has a place for a connection of its own. */
  readonly resolve: (connection: MariadbConnection | undefined) => void
  readonly reject: (error: Error) => void
}

interface Idle {
  readonly connection: MariadbConnection
  readonly since: number
}

/** The connections of a process, lent to one user at a time, in the order of asking. */
export class Pool {
  readonly #connect: () => Promise<MariadbConnection>
  readonly #options: PoolOptions
  readonly #waiters = new Set<Waiter>()
  readonly #sweeper: NodeJS.Timeout
  #idle: Idle[] = []
  /** Connections that are open, or being opened. */
  #size = 0
  #isClosed = false

  constructor(connect: () => Promise<MariadbConnection>, options: PoolOptions) {
    this.#connect = connect
    this.#options = options
    this.#sweeper = setInterval(() => this.#sweep(), Math.max(options.idleMs / 2, 10)).unref()
  }

  /**
   * Take a connection, which must be released.
   *
   * @param isAbandoned whether nobody waits for it any more
   * @throws {DatabaseBusy} when the deadline passes
   * @throws {DatabaseUnavailable} when none can be opened
   */
  async acquire(isAbandoned: () => boolean = () => false): Promise<MariadbConnection> {
    if (this.#isClosed) throw new DatabaseUnavailable('The database was closed.')
    const idle = this.#takeIdle()
    if (idle) return idle
    if (this.#size < this.#options.maxConnections) {
      this.#size++
      return this.#open()
    }
    return (await this.#wait(isAbandoned)) ?? this.#open()
  }

  /** Give it back. One that was lost is replaced, and so are those that were idle: what ended it may have ended them. */
  release(connection: MariadbConnection): void {
    if (!connection.isUsable || this.#isClosed) {
      connection.close()
      this.#closeIdle()
      return this.#leavePlace()
    }
    const waiter = this.#next()
    if (waiter) waiter.resolve(connection)
    else this.#idle.push({ connection, since: performance.now() })
  }

  /** Close what is idle now, and the others as they are released. */
  close(): void {
    this.#isClosed = true
    clearInterval(this.#sweeper)
    this.#closeIdle()
    for (const waiter of this.#waiters) {
      this.#drop(waiter)
      waiter.reject(new DatabaseUnavailable('The database was closed.'))
    }
  }

  /** In a place that was taken before. */
  async #open(): Promise<MariadbConnection> {
    try {
      return await this.#connect()
    } catch (error) {
      this.#leavePlace()
      throw error
    }
  }

  #takeIdle(): MariadbConnection | undefined {
    for (let last = this.#idle.pop(); last; last = this.#idle.pop()) {
      if (last.connection.isUsable) return last.connection
      this.#discard(last)
    }
    return undefined
  }

  #leavePlace(): void {
    const waiter = this.#next()
    if (waiter) waiter.resolve(undefined)
    else this.#size--
  }

  #wait(isAbandoned: () => boolean): Promise<MariadbConnection | undefined> {
    const { maxConnections, waitMs } = this.#options
    const { promise, resolve, reject } = Promise.withResolvers<MariadbConnection | undefined>()
    const timer = setTimeout(() => {
      this.#drop(waiter)
      reject(new DatabaseBusy(waitMs, `all ${maxConnections} connections of this process`))
    }, waitMs)
    const since = performance.now()
    const waiter: Waiter = { since, isAbandoned, timer, resolve, reject }
    this.#waiters.add(waiter)
    return promise
  }

  /** The first that still waits. */
  #next(): Waiter | undefined {
    for (const waiter of this.#waiters) {
      this.#drop(waiter)
      if (!waiter.isAbandoned()) return waiter
      waiter.reject(new DatabaseBusy(performance.now() - waiter.since, undefined))
    }
    return undefined
  }

  #drop(waiter: Waiter): void {
    clearTimeout(waiter.timer)
    this.#waiters.delete(waiter)
  }

  /** The oldest come first, as what was used last is taken first. */
  #sweep(): void {
    const oldest = performance.now() - this.#options.idleMs
    const kept = this.#idle.filter(({ connection, since }) => connection.isUsable && since > oldest)
    const gone = this.#idle.filter((idle) => !kept.includes(idle))
    this.#idle = kept
    for (const idle of gone) this.#discard(idle)
  }

  #closeIdle(): void {
    for (const idle of this.#idle.splice(0)) this.#discard(idle)
  }

  #discard({ connection }: Idle): void {
    connection.close()
    this.#size--
  }
}
