import type {
  Awaitable,
  Fetched,
  Query,
  SavepointStep,
  SQLValue,
  Touches,
  Transaction,
} from '../driver.ts'
import { DatabaseError } from '../errors.ts'
import { retry } from '../retry.ts'
import type { SqliteConnection } from './connection.ts'
import { isBusy, toDatabaseError } from './errors.ts'

/** A transaction on the connection that writes; it has that connection to itself until it ends. */
export class SqliteTransaction implements Transaction {
  readonly #connection: SqliteConnection
  readonly #waitMs: number
  readonly #release: (isUsable: boolean) => void
  #isOver = false

  /** @param release called once when it has ended; `isUsable` is false when the connection is stuck in it */
  constructor(connection: SqliteConnection, waitMs: number, release: (isUsable: boolean) => void) {
    this.#connection = connection
    this.#waitMs = waitMs
    this.#release = release
  }

  execute<Q extends Query>(query: Q, values: readonly SQLValue[]): Fetched[Q['fetch']] {
    if (this.#isEnded) throw new DatabaseError(OVER)
    try {
      return this.#connection.execute(query, values)
    } catch (error) {
      throw toDatabaseError(error)
    }
  }

  touchesOf(sql: string): Touches {
    return this.#connection.touchesOf(sql)
  }

  savepoint(step: SavepointStep, name: string): void {
    if (this.#isEnded) throw new DatabaseError(OVER)
    try {
      this.#connection.control(`${step} ${name}`)
    } catch (error) {
      throw toDatabaseError(error)
    }
  }

  commit(): Awaitable<void> {
    if (this.#isEnded) {
      this.rollback()
      throw new DatabaseError(OVER)
    }
    try {
      this.#connection.control('commit')
    } catch (error) {
      return this.#commitAgain(error)
    }
    this.#end(true)
  }

  rollback(): void {
    if (this.#isOver) return
    try {
      if (this.#connection.isTransaction) this.#connection.control('rollback')
    } catch {
      // Whether it is stuck is seen below.
    }
    this.#end(!this.#connection.isTransaction)
  }

  /** SQLite itself ends a transaction when the disk is full or fails. What came after would be kept at once. */
  get #isEnded(): boolean {
    return this.#isOver || !this.#connection.isTransaction
  }

  async #commitAgain(error: unknown): Promise<void> {
    const start = performance.now()
    try {
      await retry(error, () => this.#connection.control('commit'), {
        isTransient: isBusy,
        deadline: start + this.#waitMs,
      })
      this.#end(true)
    } catch (last) {
      this.rollback()
      throw toDatabaseError(last, performance.now() - start)
    }
  }

  #end(isUsable: boolean): void {
    this.#isOver = true
    this.#release(isUsable)
  }
}

const OVER = 'The transaction is over: it ended, or the database rolled it back.'
