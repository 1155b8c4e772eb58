import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Dialect } from '../dialect.ts'
import type {
  Awaitable,
  BeginOptions,
  Driver,
  Executor,
  Fetched,
  Query,
  SQLValue,
  Transaction,
} from '../driver.ts'
import { DatabaseBusy, DatabaseError } from '../errors.ts'
import type { SchemaConnection } from '../migrate/schema_connection.ts'
import { retry } from '../retry.ts'
import { WriteQueue } from '../write_queue.ts'
import { SqliteConnection, typed } from './connection.ts'
import { sqliteDialect } from './dialect.ts'
import { isBusy, toDatabaseError } from './errors.ts'
import { SqliteSchemaConnection } from './schema_connection.ts'
import { TemporaryFile } from './temporary_file.ts'
import { SqliteTransaction } from './transaction.ts'
import type { SqliteLocation } from './url.ts'

/** Ways to the file. */
interface Connect {
  readonly session: () => SqliteConnection
  readonly schema: () => SchemaConnection
}

/** SQLite in this process: one connection writes, another reads what is committed. Neither ever blocks to wait. */
export class SqliteDriver implements Driver {
  readonly dialect: Dialect = sqliteDialect()
  readonly reader: Executor
  readonly #connect: Connect['session']
  readonly #connectSchema: Connect['schema']
  readonly #read: SqliteConnection
  readonly #queue: WriteQueue
  readonly #waitMs: number
  readonly #remove: () => void
  #write: SqliteConnection

  constructor(connect: Connect, waitMs: number, remove: () => void) {
    this.#connect = connect.session
    this.#connectSchema = connect.schema
    this.#waitMs = waitMs
    this.#remove = remove
    this.#queue = new WriteQueue(waitMs)
    this.#write = this.#connect()
    this.#read = this.#connect()
    this.#read.control('pragma query_only = on')
    this.reader = {
      execute: (query, values) => this.#executeRead(query, values),
      touchesOf: (sql) => this.#read.touchesOf(sql),
    }
  }

  /** How many statements are kept prepared for reading. */
  get statementCount(): number {
    return this.#read.statementCount
  }

  begin(options: BeginOptions): Awaitable<Transaction> {
    const since = performance.now()
    const turn = this.#queue.acquire(options)
    if (turn) return turn.then(() => this.#begin(options, since))
    return this.#begin(options, since)
  }

  accessOf(sql: string): Query['access'] {
    try {
      return this.#read.accessOf(sql)
    } catch (error) {
      // It may name what the transaction that is open has made.
      const isOpen = this.#write.isTransaction && !(error instanceof DatabaseError)
      if (isOpen) return typed(() => this.#write.accessOf(sql))
      throw toDatabaseError(error)
    }
  }

  async openSchema(): Promise<SchemaConnection> {
    return typed(() => this.#connectSchema())
  }

  async close(): Promise<void> {
    this.#read.close()
    this.#write.close()
    this.#remove()
  }

  /** What is asked for is this process's turn already; the file may still be locked by another one. */
  #begin(options: BeginOptions, since: number): Awaitable<Transaction> {
    try {
      this.#write.control('begin immediate')
      return this.#transaction()
    } catch (error) {
      return this.#beginAgain(error, options, since)
    }
  }

  async #beginAgain(error: unknown, options: BeginOptions, since: number): Promise<Transaction> {
    const deadline = since + this.#waitMs
    const isAbandoned = () => options.isAbandoned()
    try {
      const begin = () => this.#write.control('begin immediate')
      await retry(error, begin, { isTransient: isBusy, deadline, isAbandoned })
      return this.#transaction()
    } catch (last) {
      this.#queue.release()
      throw toDatabaseError(last, performance.now() - since)
    }
  }

  #transaction(): Transaction {
    return new SqliteTransaction(this.#write, this.#waitMs, this.#release)
  }

  readonly #release = (isUsable: boolean): void => {
    if (!isUsable) this.#reconnect()
    this.#queue.release()
  }

  /** A connection that cannot leave its transaction is of no more use; closing it undoes that. */
  #reconnect(): void {
    this.#write.close()
    this.#write = this.#connect()
  }

  #executeRead<Q extends Query>(
    query: Q,
    values: readonly SQLValue[],
  ): Awaitable<Fetched[Q['fetch']]> {
    try {
      return this.#read.execute(query, values)
    } catch (error) {
      if (isBusy(error)) return this.#readAgain(error, query, values)
      throw toDatabaseError(error)
    }
  }

  async #readAgain<Q extends Query>(
    error: unknown,
    query: Q,
    values: readonly SQLValue[],
  ): Promise<Fetched[Q['fetch']]> {
    const start = performance.now()
    const deadline = start + this.#waitMs
    try {
      const read = () => this.#read.execute(query, values)
      return await retry(error, read, { isTransient: isBusy, deadline })
    } catch (last) {
      throw toDatabaseError(last, performance.now() - start)
    }
  }
}

export interface SqliteOptions {
  /** How long to wait for a lock before it is an error. */
  readonly waitMs: number
}

/**
 * Open the database file; it is made, with its folder, when it is missing.
 *
 * @throws {DatabaseBusy} when another process holds it for longer than the deadline
 * @throws {DatabaseUnavailable} when it cannot be opened
 */
export async function openSqlite(
  location: SqliteLocation,
  { waitMs }: SqliteOptions,
): Promise<SqliteDriver> {
  const temporary = location.path === undefined ? new TemporaryFile() : undefined
  const path = location.path ?? temporary?.path ?? ''
  const synchronous = temporary ? 'off' : location.synchronous
  mkdirSync(dirname(path), { recursive: true })
  const open = () =>
    new SqliteDriver(
      {
        session: () => new SqliteConnection(path, synchronous),
        schema: () => new SqliteSchemaConnection(path, synchronous),
      },
      waitMs,
      () => temporary?.remove(),
    )
  const deadline = performance.now() + waitMs
  try {
    return await retry(new DatabaseBusy(0, undefined), open, {
      isTransient: (error) => error instanceof DatabaseBusy || isBusy(error),
      deadline,
    })
  } catch (error) {
    throw toDatabaseError(error, waitMs)
  }
}
