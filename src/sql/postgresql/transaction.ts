import type { Fetched, Query, SavepointStep, SQLValue, Transaction } from '../driver.ts'
import {
  ConnectionLost,
  DatabaseError,
  Deadlock,
  SerializationFailure,
  WriteInRead,
  DatabaseUnavailable,
} from '../errors.ts'
import type { PostgresConnection } from './connection.ts'
import { toDatabaseError } from './errors.ts'

export interface TransactionParts {
  readonly connection: PostgresConnection
  /** The statement that begins it. */
  readonly begin: string
  readonly waitMs: number
  /** Called once when it has ended. */
  release(connection: PostgresConnection): void
  /** Another connection in place of one that was lost before anything was done. */
  replace(lost: PostgresConnection): Promise<PostgresConnection>
}

/**
 * A transaction on a connection that it has to itself until it ends. Statements run one after another.
 *
 * On this server an error ends the whole transaction; on the others only the statement is undone. So what may fail
 * stands behind a savepoint, or at the beginning. It is sent together with its statement, without waiting.
 */
export class PostgresTransaction implements Transaction {
  readonly #parts: TransactionParts
  #connection: PostgresConnection
  #begun: Promise<unknown>
  /** Whether nothing was done yet. */
  #isFresh = true
  #last: Promise<unknown> = Promise.resolve()
  #isRunning = false
  #isOver = false
  #failure: DatabaseError | undefined = undefined
  /** Whether the failure cannot be undone. */
  #isFinal = false

  constructor(parts: TransactionParts) {
    this.#parts = parts
    this.#connection = parts.connection
    this.#begun = this.#begin()
  }

  execute<Q extends Query>(
    query: Q,
    values: readonly SQLValue[],
    signal?: AbortSignal,
  ): Promise<Fetched[Q['fetch']]> {
    const result = this.#last.then(() => this.#execute(query, values, signal))
    this.#last = result.catch(() => {})
    return result
  }

  savepoint(step: SavepointStep, name: string): Promise<void> {
    const done = this.#last.then(() => this.#mark(step, name))
    this.#last = done.catch(() => {})
    return done
  }

  async commit(): Promise<void> {
    await this.#last
    if (this.#isOver) throw new DatabaseError(OVER)
    if (this.#failure) {
      await this.rollback()
      throw new DatabaseError(FAILED, { cause: this.#failure })
    }
    this.#isOver = true
    let done: string
    try {
      done = await this.#connection.control('commit')
    } catch (error) {
      // The server says when it is done with a commit that failed, after why it did.
      await this.#connection.control('rollback').catch(() => {})
      throw this.#toCommitError(error)
    } finally {
      this.#parts.release(this.#connection)
    }
    // The server takes the commit of a transaction that has failed for a rollback.
    if (done !== 'COMMIT') throw new DatabaseError(FAILED)
  }

  /** What runs is stopped, what waits for its turn is refused. A server that says nothing is hung up on. */
  async rollback(): Promise<void> {
    if (this.#isOver) return
    this.#isOver = true
    const timer = setTimeout(() => void this.#connection.end(), this.#parts.waitMs)
    if (this.#isRunning) await this.#connection.cancel()
    await this.#last
    await this.#connection.control('rollback').catch(() => {})
    clearTimeout(timer)
    this.#parts.release(this.#connection)
  }

  /** What has failed since a savepoint is undone with it. */
  async #mark(step: SavepointStep, name: string): Promise<void> {
    if (this.#isOver) throw new DatabaseError(OVER)
    const mayRecover = step === 'rollback to savepoint' && !this.#isFinal
    if (this.#failure && !mayRecover) throw new DatabaseError(FAILED, { cause: this.#failure })
    try {
      await this.#started()
      this.#isFresh = false
      await this.#connection.control(`${step} ${name}`)
      this.#failure = undefined
    } catch (error) {
      throw this.#toError(error)
    }
  }

  async #execute<Q extends Query>(
    query: Q,
    values: readonly SQLValue[],
    signal: AbortSignal | undefined,
  ): Promise<Fetched[Q['fetch']]> {
    if (this.#isOver) throw new DatabaseError(OVER)
    if (this.#failure) throw new DatabaseError(FAILED, { cause: this.#failure })
    this.#isRunning = true
    try {
      const run = () => this.#connection.execute(query, values, signal)
      if (this.#isFresh) return await this.#first(run)
      const mayFail = query.access !== 'read' || query.fetch === 'result'
      return await (mayFail ? this.#behindSavepoint(run) : this.#orFail(run))
    } catch (error) {
      throw this.#toError(error)
    } finally {
      this.#isRunning = false
    }
  }

  /** Nothing was done yet, so a connection that was lost meanwhile may be another one. */
  async #started(): Promise<void> {
    try {
      await this.#begun
    } catch (error) {
      if (!this.#isFresh || !this.#connection.isLost) throw error
      this.#connection = await this.#parts.replace(this.#connection)
      this.#begun = this.#begin()
      await this.#begun
    }
  }

  /** When the first statement fails, the transaction begins anew. */
  async #first<T>(run: () => Promise<T>): Promise<T> {
    const connection = this.#connection
    const running = run()
    running.catch(() => {})
    await this.#started()
    try {
      const result = await (this.#connection === connection ? running : run())
      this.#isFresh = false
      return result
    } catch (error) {
      if (!isFinal(error, this.#connection)) {
        await this.#connection.control('rollback')
        this.#begun = this.#begin()
        await this.#begun
      }
      throw error
    }
  }

  /** When it fails, so has the transaction. */
  async #orFail<T>(run: () => Promise<T>): Promise<T> {
    try {
      return await run()
    } catch (error) {
      this.#failure = toDatabaseError(error, this.#parts.waitMs)
      throw error
    }
  }

  async #behindSavepoint<T>(run: () => Promise<T>): Promise<T> {
    const set = this.#connection.control('savepoint dewar_statement')
    const running = run()
    const released = this.#connection.control('release savepoint dewar_statement')
    const [, result] = await Promise.allSettled([set, running, released])
    if (result.status === 'fulfilled') return result.value
    if (!isFinal(result.reason, this.#connection)) {
      await this.#connection.control('rollback to savepoint dewar_statement')
      await this.#connection.control('release savepoint dewar_statement')
    }
    throw result.reason
  }

  #begin(): Promise<unknown> {
    const begun = this.#connection.control(this.#parts.begin)
    begun.catch(() => {})
    return begun
  }

  #toError(error: unknown): DatabaseError {
    const typed = toDatabaseError(error, this.#parts.waitMs)
    if (isFinal(error, this.#connection)) {
      this.#failure = typed
      this.#isFinal = true
    }
    if (!(typed instanceof WriteInRead)) return typed
    return new DatabaseUnavailable('PostgreSQL: the server takes no writes; it may be a standby.', {
      cause: typed,
    })
  }

  #toCommitError(error: unknown): DatabaseError {
    const typed = toDatabaseError(error, this.#parts.waitMs)
    return typed instanceof ConnectionLost ? new ConnectionLost(UNKNOWN, { cause: error }) : typed
  }
}

/** Whether the transaction cannot go on: what it has seen or locked does not hold any more. */
function isFinal(error: unknown, connection: PostgresConnection): boolean {
  if (connection.isLost) return true
  const typed = toDatabaseError(error, 0)
  return typed instanceof SerializationFailure || typed instanceof Deadlock
}

const OVER = 'The transaction is over.'
const FAILED = 'The transaction has failed at an earlier statement, so nothing of it can be kept.'
const UNKNOWN =
  'The connection to the database was lost at the commit: whether it was kept is not known.'
