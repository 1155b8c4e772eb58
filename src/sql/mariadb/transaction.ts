import type { Fetched, Query, SavepointStep, SQLValue, Transaction } from '../driver.ts'
import { DatabaseError, WriteInRead } from '../errors.ts'
import type { MariadbConnection } from './connection.ts'

/** A transaction; it has its connection to itself until it ends. */
export class MariadbTransaction implements Transaction {
  readonly #connection: MariadbConnection
  readonly #release: () => void
  #isOver = false

  /** @param release called once when it has ended */
  constructor(connection: MariadbConnection, release: () => void) {
    this.#connection = connection
    this.#release = release
  }

  async execute<Q extends Query>(
    query: Q,
    values: readonly SQLValue[],
    signal?: AbortSignal,
  ): Promise<Fetched[Q['fetch']]> {
    // After a deadlock the server has rolled back. What came after would be no part of this.
    if (!this.#isOpen) throw new DatabaseError(OVER)
    try {
      const answer = await this.#connection.execute(query, values, signal)
      if (this.#connection.isInTransaction || this.#isOver) return answer
    } catch (error) {
      if (!(error instanceof WriteInRead) || this.#isOver) throw error
    }
    throw new DatabaseError(COMMITTED)
  }

  async savepoint(step: SavepointStep, name: string): Promise<void> {
    if (!this.#isOpen) throw new DatabaseError(OVER)
    await this.#connection.control(`${step} ${name}`)
  }

  async commit(): Promise<void> {
    if (!this.#isOpen) {
      await this.rollback()
      throw new DatabaseError(OVER)
    }
    this.#isOver = true
    try {
      await this.#connection.control('commit')
    } catch (error) {
      await this.#undo()
      throw error
    }
    this.#release()
  }

  async rollback(): Promise<void> {
    if (this.#isOver) return
    this.#isOver = true
    await this.#connection.cancel()
    await this.#undo()
  }

  get #isOpen(): boolean {
    return !this.#isOver && this.#connection.isInTransaction
  }

  async #undo(): Promise<void> {
    try {
      if (this.#connection.isUsable) await this.#connection.control('rollback')
    } catch {
      // Closing it undoes all of it too.
      this.#connection.close()
    }
    this.#release()
  }
}

const OVER = 'The transaction is over: it ended, or the database rolled it back.'

const COMMITTED =
  'The statement has ended the transaction: it defines tables, or calls a procedure that commits. ' +
  'What was written before it is kept. Tables are made by db.createTables() and by migrations.'
