import type { Dialect } from './dialect.ts'
import type {
  Awaitable,
  BeginOptions,
  Driver,
  Executor,
  Fetched,
  Query,
  SQLValue,
  Transaction,
} from './driver.ts'
import { ConnectionLost, DatabaseUnavailable } from './errors.ts'
import type { SchemaConnection } from './migrate/schema_connection.ts'
import type { Open } from './open.ts'

/** How long a replica that failed is left alone. */
const PAUSE_MS = 5000

export interface ReplicaOptions {
  /** Called when a replica fails, and is left alone for a while. @param number from 1 */
  onFailure(number: number, error: unknown): void
}

/** One copy of the database: opened when it can be, left alone for a while after it failed. */
class Replica {
  driver: Driver | undefined = undefined
  readonly #number: number
  readonly #open: Open
  readonly #options: ReplicaOptions
  #retryAt = 0
  #opening: Promise<void> | undefined = undefined
  #isClosed = false

  constructor(number: number, open: Open, options: ReplicaOptions) {
    this.#number = number
    this.#open = open
    this.#options = options
  }

  /** Whether it may be asked now. One that was not opened yet is opened meanwhile. */
  get isReady(): boolean {
    if (performance.now() < this.#retryAt) return false
    if (!this.driver) void this.open()
    return this.driver !== undefined
  }

  open(): Promise<void> {
    this.#opening ??= this.#open()
      .then(
        (driver) => this.#opened(driver),
        (error: unknown) => this.fail(error),
      )
      .finally(() => (this.#opening = undefined))
    return this.#opening
  }

  fail(error: unknown): void {
    this.#retryAt = performance.now() + PAUSE_MS
    this.#options.onFailure(this.#number, error)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#opening
    await this.driver?.close()
  }

  #opened(driver: Driver): Promise<void> | void {
    if (this.#isClosed) return driver.close()
    this.driver = driver
  }
}

/** A database with copies that may be behind: they answer reads, in turn; one that fails is left alone for a while. */
export class Replicated implements Driver {
  readonly dialect: Dialect
  readonly reader: Executor
  readonly follower: Executor
  readonly define: Driver['define']
  readonly #primary: Driver
  readonly #replicas: readonly Replica[]
  #turn = 0

  private constructor(primary: Driver, replicas: readonly Replica[]) {
    this.#primary = primary
    this.#replicas = replicas
    this.dialect = primary.dialect
    this.reader = primary.reader
    this.define = primary.define?.bind(primary)
    this.follower = {
      execute: (query, values, signal) => this.#read(query, values, signal, replicas.length),
      touchesOf: (sql) => primary.reader.touchesOf?.(sql),
    }
  }

  /** Opens what can be opened. @throws when the primary cannot */
  static async open(
    primary: Open,
    replicas: readonly Open[],
    options: ReplicaOptions,
  ): Promise<Replicated> {
    const driver = await primary()
    const all = replicas.map((open, i) => new Replica(i + 1, open, options))
    await Promise.all(all.map((replica) => replica.open()))
    return new Replicated(driver, all)
  }

  begin(options: BeginOptions): Awaitable<Transaction> {
    return this.#primary.begin(options)
  }

  accessOf(sql: string): Query['access'] {
    return this.#primary.accessOf(sql)
  }

  openSchema(): Promise<SchemaConnection> {
    return this.#primary.openSchema()
  }

  async close(): Promise<void> {
    await Promise.all([this.#primary, ...this.#replicas].map((each) => each.close()))
  }

  /** @param left how many replicas may be tried before the primary is asked */
  #read<Q extends Query>(
    query: Q,
    values: readonly SQLValue[],
    signal: AbortSignal | undefined,
    left: number,
  ): Awaitable<Fetched[Q['fetch']]> {
    const replica = this.#next()
    if (!replica?.driver || left === 0) return this.reader.execute(query, values, signal)
    const failed = (error: unknown) => {
      if (!isGone(error)) throw error
      replica.fail(error)
      return this.#read(query, values, signal, left - 1)
    }
    try {
      const answer = replica.driver.reader.execute(query, values, signal)
      return answer instanceof Promise ? answer.catch(failed) : answer
    } catch (error) {
      return failed(error)
    }
  }

  #next(): Replica | undefined {
    const { length } = this.#replicas
    for (let i = 0; i < length; i++) {
      const replica = this.#replicas[this.#turn++ % length]
      if (replica?.isReady) return replica
    }
    return undefined
  }
}

function isGone(error: unknown): boolean {
  return error instanceof ConnectionLost || error instanceof DatabaseUnavailable
}
