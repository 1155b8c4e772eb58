import type { Client, QueryArrayConfig, QueryArrayResult } from 'pg'
import type { Awaitable, Fetched, Query, RawResult, SQLValue, StoredRow } from '../driver.ts'
import { StatementCancelled } from '../errors.ts'
import { isLost, isServerError, isStalePlan } from './errors.ts'
import type { Origins } from './origins.ts'
import { StatementNames } from './statement_names.ts'

type Result = QueryArrayResult<unknown[]>

/** A connection that has prepared as many statements as this is replaced: pg remembers all their names. */
const MAX_GIVEN_NAMES = 10_000

/** How long a server may take to say goodbye. */
const GOODBYE_MS = 1000

export interface ConnectionParts {
  readonly origins: Origins
  /** Stops what a server process does, by another connection. */
  cancel(pid: number): Promise<void>
  /** Hangs up. */
  destroy(): void
}

/** Its types do not know of it: `extended` is one statement only, also without a name and values. */
interface ExtendedConfig extends QueryArrayConfig {
  readonly queryMode: 'extended' | 'simple'
}

/** One connection to a server. Statements that are sent without waiting arrive in their order. Errors are the server's own. */
export class PostgresConnection {
  readonly #client: Client
  readonly #parts: ConnectionParts
  readonly #names = new StatementNames()
  #isLost = false

  constructor(client: Client, parts: ConnectionParts) {
    this.#client = client
    this.#parts = parts
    client.on('error', () => (this.#isLost = true))
    client.on('end', () => (this.#isLost = true))
  }

  /** Whether it can be lent: it is alive, and in no transaction. */
  get isUsable(): boolean {
    const isIdle = this.#client.getTransactionStatus() === 'I'
    return !this.#isLost && isIdle && this.#names.given < MAX_GIVEN_NAMES
  }

  get isLost(): boolean {
    return this.#isLost
  }

  execute<Q extends Query>(
    query: Q,
    values: readonly SQLValue[],
    signal?: AbortSignal,
  ): Promise<Fetched[Q['fetch']]>
  execute(
    query: Query,
    values: readonly SQLValue[],
    signal?: AbortSignal,
  ): Promise<Fetched[Query['fetch']]> {
    const run = () => this.#prepared(query, values)
    return signal ? this.#abortable(run, signal) : run()
  }

  /** Run what belongs to the connection itself: `begin`, `savepoint …`. @returns what the server calls it that it did */
  async control(sql: string): Promise<string> {
    const config: ExtendedConfig = { text: sql, rowMode: 'array', queryMode: 'simple' }
    return this.#send(config, ({ command }) => command)
  }

  /** Have the server forget statements; only outside of a transaction, which would fail when it knows one of them no more. */
  tidy(): void {
    if (this.#isLost) return
    for (const name of this.#names.takeForgotten()) {
      this.control(`deallocate ${name}`).catch(() => {})
    }
  }

  /** Stop the statement that runs. Never throws. */
  async cancel(): Promise<void> {
    const pid: unknown = Reflect.get(this.#client, 'processID')
    if (typeof pid === 'number') await this.#parts.cancel(pid)
  }

  /** Say goodbye, or hang up where the server does not listen. Never throws. */
  async end(): Promise<void> {
    this.#isLost = true
    const timer = setTimeout(() => this.#parts.destroy(), GOODBYE_MS)
    await this.#client.end().catch(() => {})
    clearTimeout(timer)
  }

  #prepared(query: Query, values: readonly SQLValue[]): Promise<Fetched[Query['fetch']]> {
    const { sql, fetch } = query
    const name = this.#names.nameOf(sql, fetch === 'result')
    const config: ExtendedConfig = {
      text: sql,
      values: [...values],
      rowMode: 'array',
      queryMode: 'extended',
    }
    if (name !== undefined) config.name = name
    return this.#send(config, (result) => this.#fetched(fetch, result))
  }

  #fetched(fetch: Query['fetch'], result: Result): Awaitable<Fetched[Query['fetch']]> {
    switch (fetch) {
      case 'row':
        return result.rows[0]
      case 'rows':
        return result.rows
      case 'count':
        return result.rowCount ?? 0
      default:
        return this.#whole(result)
    }
  }

  async #whole({ fields, rows, rowCount }: Result): Promise<RawResult> {
    const ask = (sql: string, values: readonly string[]) => this.#ask(sql, values)
    const columns = await this.#parts.origins.columnsOf(fields, ask)
    return { columns, rows, count: BigInt(rowCount ?? 0), insertId: undefined }
  }

  /** The connection is not free before the server has heard of it: it would stop what comes next. */
  async #abortable<T>(run: () => Promise<T>, signal: AbortSignal): Promise<T> {
    if (signal.aborted) throw new StatementCancelled()
    let cancelled: Promise<void> | undefined
    const abort = () => (cancelled = this.cancel())
    signal.addEventListener('abort', abort, { once: true })
    try {
      return await run()
    } catch (error) {
      if (isServerError(error) && error.code === '57014' && signal.aborted) {
        throw new StatementCancelled({ cause: error })
      }
      throw error
    } finally {
      signal.removeEventListener('abort', abort)
      await cancelled
    }
  }

  async #ask(sql: string, values: readonly string[]): Promise<readonly StoredRow[]> {
    const config: ExtendedConfig = {
      text: sql,
      values: [...values],
      rowMode: 'array',
      queryMode: 'extended',
    }
    return this.#send(config, ({ rows }) => rows)
  }

  /** With a callback: pg's promises cost more, for stacks that lead nowhere here. */
  #send<T>(config: ExtendedConfig, toAnswer: (result: Result) => Awaitable<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#client.query(config, (error: unknown, result: Result) => {
        if (!error) return resolve(toAnswer(result))
        if (isLost(error)) this.#isLost = true
        if (config.name !== undefined && isStalePlan(error)) this.#names.drop(config.text)
        // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- it is what pg made of it
        reject(error)
      })
    })
  }
}
