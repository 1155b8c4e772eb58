import type { Connection, ExecuteValues } from 'mysql2'
import type { Executor, Fetched, Query, SQLValue } from '../driver.ts'
import {
  ConnectionLost,
  type DatabaseError,
  StatementCancelled,
  UniqueViolation,
  WriteInRead,
} from '../errors.ts'
import { type Answer, fetched, isInTransaction, toAnswer } from './answer.ts'
import type { Mysql2, Server } from './connect.ts'
import {
  duplicateIn,
  isDuplicate,
  isUnpreparable,
  type MysqlError,
  rollsBack,
  toDatabaseError,
} from './errors.ts'
import { checkSize, toParameter } from './parameters.ts'
import { tableIn } from './statement.ts'
import { UNIQUE_KEYS, type UniqueKeys } from './unique_keys.ts'

/** What connections of one driver share. */
export interface ConnectionContext {
  readonly mysql2: Mysql2
  readonly server: Server
  readonly uniqueKeys: UniqueKeys
  /** For a lock, for messages. */
  readonly waitMs: number
  readonly connectTimeoutMs: number
  /** Stops what another connection does now. */
  kill(threadId: number): Promise<void>
}

/** One connection to the server, for one user at a time: statements are prepared once, rows come as arrays. */
export class MariadbConnection implements Executor {
  readonly #connection: Connection
  readonly #context: ConnectionContext
  /** What waits for an answer. */
  readonly #pending = new Set<(error: MysqlError) => void>()
  #isUsable = true
  #isInTransaction = false

  constructor(connection: Connection, context: ConnectionContext) {
    this.#connection = connection
    this.#context = context
    const lose = () => (this.#isUsable = false)
    connection.on('error', lose)
    connection.on('end', lose)
  }

  /** Whether it is still connected, as far as is known. */
  get isUsable(): boolean {
    return this.#isUsable
  }

  /** Whether a transaction is open, as far as the server has told. */
  get isInTransaction(): boolean {
    return this.#isInTransaction
  }

  /** Run what belongs to the connection itself, as text: `commit`, `set …`. */
  async control(sql: string): Promise<Answer> {
    try {
      return this.#told(await this.#send('query', sql, undefined))
    } catch (error) {
      throw this.#failed(error, sql)
    }
  }

  /** @param signal when it is aborted, the server is told to stop. @throws {StatementCancelled} then */
  async execute<Q extends Query>(
    query: Q,
    values: readonly SQLValue[],
    signal?: AbortSignal,
  ): Promise<Fetched[Q['fetch']]>
  async execute(
    query: Query,
    values: readonly SQLValue[],
    signal?: AbortSignal,
  ): Promise<Fetched[Query['fetch']]> {
    const { sql } = query
    checkSize(sql, values, this.#context.server.maxPacketBytes)
    const run = () => this.#run(sql, values)
    return fetched(await (signal ? this.#abortable(run, signal) : run()), query.fetch)
  }

  /** Close it; an open transaction is undone. */
  close(): void {
    this.#isUsable = false
    this.#connection.destroy()
    // mysql2 leaves them without an answer.
    for (const reject of this.#pending) reject(CLOSED)
  }

  /** Close it, and stop what the server does for it, which it would not notice by itself. Never throws. */
  async end(): Promise<void> {
    const isRunning = this.#pending.size > 0
    this.close()
    if (isRunning) await this.#context.kill(this.#connection.threadId).catch(() => {})
  }

  /** Stop what runs, when anything does. Never throws. */
  async cancel(): Promise<void> {
    if (this.#pending.size > 0) await this.#settle(this.#context.kill(this.#connection.threadId))
  }

  async #run(sql: string, values: readonly SQLValue[]): Promise<Answer> {
    try {
      return this.#told(await this.#prepared(sql, values))
    } catch (error) {
      if (isDuplicate(asError(error))) throw await this.#toUniqueViolation(asError(error), sql)
      throw this.#failed(error, sql)
    }
  }

  async #prepared(sql: string, values: readonly SQLValue[]): Promise<Answer> {
    const parameters = values.map((value) => toParameter(this.#context.mysql2, value))
    try {
      return await this.#send('execute', sql, parameters)
    } catch (error) {
      if (values.length > 0 || !isUnpreparable(asError(error))) throw error
      return this.#send('query', sql, undefined)
    }
  }

  #send(
    way: 'execute' | 'query',
    sql: string,
    values: ExecuteValues[] | undefined,
  ): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    const done = (error: MysqlError | null, result: unknown, fields: unknown): void => {
      this.#pending.delete(reject)
      if (error) reject(error)
      else resolve(toAnswer(result, fields))
    }
    this.#pending.add(reject)
    if (way === 'execute') this.#connection.execute(sql, values ?? [], done)
    else this.#connection.query(sql, done)
    return promise
  }

  async #abortable(run: () => Promise<Answer>, signal: AbortSignal): Promise<Answer> {
    if (signal.aborted) throw new StatementCancelled()
    let killing: Promise<void> | undefined
    const kill = () => {
      killing = this.#context.kill(this.#connection.threadId)
    }
    signal.addEventListener('abort', kill)
    try {
      const answer = await run()
      // What was stopped may answer half.
      if (!killing) return answer
      throw new StatementCancelled()
    } catch (cause) {
      if (!killing || cause instanceof StatementCancelled) throw cause
      throw new StatementCancelled({ cause })
    } finally {
      signal.removeEventListener('abort', kill)
      if (killing) await this.#settle(killing)
    }
  }

  /** What was to be stopped may be over already; then it is the next statement that is stopped, so that is an empty one. */
  async #settle(killing: Promise<void>): Promise<void> {
    try {
      await killing
      await this.#send('query', 'do 0', undefined).catch(() => undefined)
    } catch {
      this.close()
    }
  }

  #told(answer: Answer): Answer {
    this.#isInTransaction = isInTransaction(answer) ?? this.#isInTransaction
    return answer
  }

  #failed(error: unknown, sql: string): DatabaseError {
    const typed = toDatabaseError(asError(error), { sql, waitedMs: this.#context.waitMs })
    if (typed instanceof ConnectionLost) this.close()
    // A transaction may write; so it has ended, and the connection only reads again.
    const hasEnded = typed instanceof WriteInRead || rollsBack(typed, this.#context.server)
    if (hasEnded) this.#isInTransaction = false
    return typed
  }

  async #toUniqueViolation(cause: MysqlError, sql: string): Promise<UniqueViolation> {
    const { table = tableIn(sql), index } = duplicateIn(cause.message)
    const read = async () => (await this.#send('query', UNIQUE_KEYS, undefined)).rows
    const key = await this.#context.uniqueKeys.find(table, index, read).catch(() => undefined)
    return new UniqueViolation(key?.table ?? table, key?.columns ?? [], { cause })
  }
}

const CLOSED: MysqlError = Object.assign(new Error('The connection was closed.'), {
  code: 'PROTOCOL_CONNECTION_LOST',
})

function asError(error: unknown): MysqlError {
  return error instanceof Error ? error : new Error(String(error))
}
