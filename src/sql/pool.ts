import type { Awaitable } from './driver.ts'
import { DatabaseBusy, DatabaseUnavailable } from './errors.ts'

/** The connections to a server; a database in this process has none. */
export interface PoolSettings {
  /** How many there are at most. */
  readonly max: number
  /** How long one stays open that nobody uses. */
  readonly idleMs: number
  readonly connectTimeoutMs: number
  /** How long a statement may run; undefined for as long as it likes. */
  readonly statementTimeoutMs: number | undefined
}

export interface PoolOptions<C> {
  /** @throws {DatabaseUnavailable} when there is no connection to be had */
  open(): Promise<C>
  /** Never throws. */
  close(connection: C): Promise<void>
  /** Whether it can be lent again. */
  isUsable(connection: C): boolean
  /** How many connections there are at most. */
  readonly max: number
  /** How long a connection stays open that nobody uses. */
  readonly idleMs: number
  /** How long to wait for a connection. */
  readonly waitMs: number
}

interface Waiter<C> {
  readonly timer: NodeJS.Timeout
  readonly isAbandoned: () => boolean
  readonly resolve: (connection: C) => void
  readonly reject: (error: unknown) => void
}

interface Idle<C> {
  readonly connection: C
  readonly since: number
}

const isWanted = () => false

/**
 * Connections to a server, lent in the order of asking, each wait until a deadline.
 *
 * The one that was used last is lent first. One that is lost is never lent again.
 */
export class Pool<C> {
  readonly #options: PoolOptions<C>
  readonly #lent = new Set<C>()
  readonly #waiters = new Set<Waiter<C>>()
  /** The one used last is last. */
  #idle: Idle<C>[] = []
  #opening = 0
  #sweeper: NodeJS.Timeout | undefined = undefined
  #drained: (() => void) | undefined = undefined
  #isClosed = false

  constructor(options: PoolOptions<C>) {
    this.#options = options
  }

  /** How many connections are open, or being opened. */
  get size(): number {
    return this.#lent.size + this.#idle.length + this.#opening
  }

  /**
   * Borrow a connection. There is nothing to wait for where one is free.
   *
   * @throws {DatabaseBusy} when none is free before the deadline
   * @throws {DatabaseUnavailable} when none can be opened
   */
  acquire(isAbandoned: () => boolean = isWanted): Awaitable<C> {
    if (this.#isClosed) throw new DatabaseUnavailable(CLOSED)
    for (let idle = this.#idle.pop(); idle; idle = this.#idle.pop()) {
      const { connection } = idle
      if (this.#options.isUsable(connection)) {
        this.#lent.add(connection)
        return connection
      }
      void this.#options.close(connection)
    }
    return this.#wait(isAbandoned)
  }

  /** Give a connection back. */
  release(connection: C): void {
    this.#lent.delete(connection)
    if (this.#isClosed || !this.#options.isUsable(connection)) {
      void this.#options.close(connection).then(() => this.#drained?.())
      this.#grow()
    } else this.#give(connection)
  }

  /** Close what nobody uses: where one connection is lost, the others are likely to be. */
  discardIdle(): void {
    for (const { connection } of this.#idle.splice(0)) void this.#options.close(connection)
  }

  /** Close all; those that are lent when they are given back, which is waited for as long as for a connection. */
  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#sweeper)
    for (const waiter of this.#waiters) {
      this.#drop(waiter)
      waiter.reject(new DatabaseUnavailable(CLOSED))
    }
    const idle = this.#idle.splice(0)
    await Promise.all(idle.map(({ connection }) => this.#options.close(connection)))
    await this.#drain()
    await Promise.all([...this.#lent].map((connection) => this.#options.close(connection)))
  }

  async #drain(): Promise<void> {
    if (this.#lent.size === 0) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#options.waitMs)
      this.#drained = () => {
        if (this.#lent.size > 0) return
        clearTimeout(timer)
        resolve()
      }
    })
  }

  #wait(isAbandoned: () => boolean): Promise<C> {
    const { promise, resolve, reject } = Promise.withResolvers<C>()
    const timer = setTimeout(() => {
      this.#drop(waiter)
      reject(this.#tooLate())
    }, this.#options.waitMs)
    const waiter: Waiter<C> = { timer, isAbandoned, resolve, reject }
    this.#waiters.add(waiter)
    this.#grow()
    return promise
  }

  #tooLate(): Error {
    const { waitMs } = this.#options
    if (this.#lent.size === 0) {
      return new DatabaseUnavailable(`The database did not answer within ${waitMs} ms.`)
    }
    const because = `all ${this.#lent.size} connections were in use`
    return new DatabaseBusy(waitMs, undefined, { because })
  }

  /** Open as many connections as are waited for, and may be. */
  #grow(): void {
    while (this.#opening < this.#waiters.size && this.size < this.#options.max) {
      this.#opening++
      void this.#open()
    }
  }

  async #open(): Promise<void> {
    try {
      const connection = await this.#options.open()
      this.#opening--
      if (this.#isClosed) await this.#options.close(connection)
      else this.#give(connection)
    } catch (error) {
      this.#opening--
      this.#refuse(error)
    }
  }

  #give(connection: C): void {
    for (const waiter of this.#waiters) {
      this.#drop(waiter)
      if (waiter.isAbandoned()) {
        waiter.reject(new DatabaseBusy(0, undefined))
        continue
      }
      this.#lent.add(connection)
      waiter.resolve(connection)
      return
    }
    this.#idle.push({ connection, since: performance.now() })
    this.#sweeper ??= setTimeout(() => this.#sweep(), this.#options.idleMs).unref()
  }

  /** Who has waited longest hears of it; the others get a try of their own. */
  #refuse(error: unknown): void {
    const [waiter] = this.#waiters
    if (!waiter) return
    this.#drop(waiter)
    waiter.reject(error)
    this.#grow()
  }

  #sweep(): void {
    const { idleMs } = this.#options
    const usedBefore = performance.now() - idleMs
    const old = this.#idle.filter(({ since }) => since <= usedBefore)
    this.#idle = this.#idle.filter(({ since }) => since > usedBefore)
    for (const { connection } of old) void this.#options.close(connection)
    const isNeeded = this.#idle.length > 0
    this.#sweeper = isNeeded ? setTimeout(() => this.#sweep(), idleMs).unref() : undefined
  }

  #drop(waiter: Waiter<C>): void {
    clearTimeout(waiter.timer)
    this.#waiters.delete(waiter)
  }
}

const CLOSED = 'The database is closed.'
