import type { Dialect } from './dialect.ts'
import type {
  Awaitable,
  BeginOptions,
  Driver,
  Executor,
  Fetched,
  Query,
  SavepointStep,
  SQLValue,
  Touches,
  Transaction,
} from './driver.ts'
import { DatabaseError } from './errors.ts'
import { WriteQueue } from './write_queue.ts'

/** The savepoint of the one transaction that is open in the sandbox. */
const NAME = 'sandbox'
/** That of a read outside of it. */
const READ = 'sandbox_read'

/**
 * A database within one transaction of another, for tests: transactions are savepoints, one after the other, and at
 * the end all of it is undone. Reads see what is open too, as there is one connection.
 */
export class Sandbox implements Driver {
  readonly dialect: Dialect
  readonly reader: Executor
  readonly #driver: Driver
  readonly #transaction: Transaction
  readonly #queue: WriteQueue
  /** Whether a statement that fails ends what is open, until a savepoint. */
  readonly #isFragile: boolean

  constructor(driver: Driver, transaction: Transaction, waitMs: number) {
    this.dialect = driver.dialect
    this.#driver = driver
    this.#transaction = transaction
    this.#queue = new WriteQueue(waitMs)
    this.#isFragile = driver.dialect.name === 'postgresql'
    this.reader = {
      execute: (query, values, signal) => this.#read(query, values, signal),
      touchesOf: (sql) => transaction.touchesOf?.(sql),
    }
  }

  begin(options: BeginOptions): Awaitable<Transaction> {
    const turn = this.#queue.acquire(options)
    return turn ? turn.then(() => this.#begin()) : this.#begin()
  }

  accessOf(sql: string): Query['access'] {
    return this.#driver.accessOf(sql)
  }

  async openSchema(): Promise<never> {
    throw new DatabaseError('Tables are not migrated within a rollback(): do it before.')
  }

  /** Undo all that was done in it; the database itself stays open. */
  async close(): Promise<void> {
    await this.#transaction.rollback()
  }

  #begin(): Awaitable<Transaction> {
    try {
      const marked = this.#transaction.savepoint('savepoint', NAME)
      if (marked instanceof Promise) return marked.then(() => this.#inner(), this.#refused)
      return this.#inner()
    } catch (error) {
      return this.#refused(error)
    }
  }

  readonly #refused = (error: unknown): never => {
    this.#queue.release()
    throw error
  }

  #inner(): Transaction {
    return new SandboxTransaction(this.#transaction, () => this.#queue.release())
  }

  #read<Q extends Query>(
    query: Q,
    values: readonly SQLValue[],
    signal: AbortSignal | undefined,
  ): Awaitable<Fetched[Q['fetch']]> {
    const isAlone = this.#queue.holder === undefined
    if (this.#isFragile && isAlone) return this.#readApart(query, values, signal)
    return this.#transaction.execute(query, values, signal)
  }

  /** With a savepoint of its own, so that an error ends nothing else. */
  async #readApart<Q extends Query>(
    query: Q,
    values: readonly SQLValue[],
    signal: AbortSignal | undefined,
  ): Promise<Fetched[Q['fetch']]> {
    const transaction = this.#transaction
    await this.#queue.acquire({ isAbandoned: () => false, label: () => 'a read' })
    try {
      await transaction.savepoint('savepoint', READ)
      const answer = await transaction.execute(query, values, signal)
      await transaction.savepoint('release savepoint', READ)
      return answer
    } catch (error) {
      await transaction.savepoint('rollback to savepoint', READ)
      throw error
    } finally {
      this.#queue.release()
    }
  }
}

/** What looks like a transaction to a session, and is a savepoint. */
class SandboxTransaction implements Transaction {
  readonly #outer: Transaction
  readonly #release: () => void
  #isOver = false

  constructor(outer: Transaction, release: () => void) {
    this.#outer = outer
    this.#release = release
  }

  execute<Q extends Query>(
    query: Q,
    values: readonly SQLValue[],
    signal?: AbortSignal,
  ): Awaitable<Fetched[Q['fetch']]> {
    return this.#outer.execute(query, values, signal)
  }

  touchesOf(sql: string): Touches | undefined {
    return this.#outer.touchesOf?.(sql)
  }

  savepoint(step: SavepointStep, name: string): Awaitable<void> {
    return this.#outer.savepoint(step, name)
  }

  async commit(): Promise<void> {
    try {
      await this.#outer.savepoint('release savepoint', NAME)
    } finally {
      this.#end()
    }
  }

  async rollback(): Promise<void> {
    if (this.#isOver) return
    try {
      await this.#outer.savepoint('rollback to savepoint', NAME)
      await this.#outer.savepoint('release savepoint', NAME)
    } catch {
      // The outer transaction is over, and with it all that was done here.
    } finally {
      this.#end()
    }
  }

  #end(): void {
    this.#isOver = true
    this.#release()
  }
}
