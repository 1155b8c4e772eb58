import { RecentMap } from '../../lib/recent_map.ts'
import type { Dialect } from '../dialect.ts'
import type {
  BeginOptions,
  Driver,
  Executor,
  Fetched,
  Query,
  SQLValue,
  Transaction,
} from '../driver.ts'
import { DatabaseUnavailable, WriteInRead } from '../errors.ts'
import type { SchemaConnection } from '../migrate/schema_connection.ts'
import { Pool, type PoolSettings } from '../pool.ts'
import { accessIn } from './access.ts'
import { Connector } from './client.ts'
import type { PostgresConnection } from './connection.ts'
import { postgresDialect } from './dialect.ts'
import { isStalePlan, toDatabaseError } from './errors.ts'
import { PostgresSchemaConnection } from './schema_connection.ts'
import { PostgresTransaction } from './transaction.ts'
import type { PostgresLocation } from './url.ts'

const MAX_KNOWN = 1000

/** PostgreSQL: connections are lent for one read, or for one transaction. */
export class PostgresDriver implements Driver {
  readonly dialect: Dialect = postgresDialect()
  readonly reader: Executor
  readonly #pool: Pool<PostgresConnection>
  readonly #waitMs: number
  readonly #connect: () => Promise<PostgresConnection>
  readonly #accesses = new RecentMap<string, Query['access']>(MAX_KNOWN)

  /** @param connect opens a connection that is not the pool's */
  constructor(
    pool: Pool<PostgresConnection>,
    waitMs: number,
    connect: () => Promise<PostgresConnection>,
  ) {
    this.#pool = pool
    this.#connect = connect
    this.#waitMs = waitMs
    this.reader = { execute: (query, values, signal) => this.#read(query, values, signal) }
  }

  async begin(options: BeginOptions): Promise<Transaction> {
    const { isolation } = options
    const level = isolation === undefined ? '' : ` isolation level ${isolation}`
    return new PostgresTransaction({
      connection: await this.#pool.acquire(() => options.isAbandoned()),
      begin: `begin read write${level}`,
      waitMs: this.#waitMs,
      release: (connection) => this.#release(connection),
      replace: async (lost) => {
        this.#pool.release(lost)
        this.#pool.discardIdle()
        return this.#pool.acquire(() => options.isAbandoned())
      },
    })
  }

  accessOf(sql: string): Query['access'] {
    let access = this.#accesses.get(sql)
    if (access === undefined) {
      access = accessIn(sql)
      this.#accesses.set(sql, access)
    }
    return access
  }

  openSchema(): Promise<SchemaConnection> {
    return PostgresSchemaConnection.open(this.#connect, this.#waitMs)
  }

  close(): Promise<void> {
    return this.#pool.close()
  }

  #read<Q extends Query>(
    query: Q,
    values: readonly SQLValue[],
    signal: AbortSignal | undefined,
  ): Promise<Fetched[Q['fetch']]> {
    const lent = this.#pool.acquire()
    if (!(lent instanceof Promise)) return this.#readOn(lent, query, values, signal)
    return lent.then((connection) => this.#readOn(connection, query, values, signal))
  }

  /** Tried again where that is of use: on a fresh connection, or with a plan that is not stale. */
  #readOn<Q extends Query>(
    connection: PostgresConnection,
    query: Q,
    values: readonly SQLValue[],
    signal: AbortSignal | undefined,
  ): Promise<Fetched[Q['fetch']]> {
    return connection.execute(query, values, signal).then(
      (answer) => {
        this.#release(connection)
        return answer
      },
      (error: unknown) => {
        if (connection.isLost) this.#pool.discardIdle()
        this.#release(connection)
        if (!connection.isLost && !isStalePlan(error)) throw this.#toError(error, query)
        return this.#readAgain(query, values, signal)
      },
    )
  }

  async #readAgain<Q extends Query>(
    query: Q,
    values: readonly SQLValue[],
    signal: AbortSignal | undefined,
  ): Promise<Fetched[Q['fetch']]> {
    const connection = await this.#pool.acquire()
    try {
      return await connection.execute(query, values, signal)
    } catch (error) {
      throw this.#toError(error, query)
    } finally {
      this.#release(connection)
    }
  }

  #release(connection: PostgresConnection): void {
    connection.tidy()
    this.#pool.release(connection)
  }

  #toError(error: unknown, { sql }: Query): unknown {
    const typed = toDatabaseError(error, this.#waitMs)
    // Its text did not tell; from now on it is known.
    if (typed instanceof WriteInRead) this.#accesses.set(sql, 'write')
    return typed
  }
}

export interface PostgresOptions extends PoolSettings {
  /** How long to wait for a connection, and for locks. */
  readonly waitMs: number
}

/**
 * Connect to the server.
 *
 * @throws {DatabaseUnavailable} when it does not answer, lets nobody in, or keeps text in another encoding than UTF-8
 */
export async function openPostgres(
  location: PostgresLocation,
  options: PostgresOptions,
): Promise<PostgresDriver> {
  const { waitMs } = options
  const connector = await Connector.load({
    location,
    waitMs,
    connectTimeoutMs: location.connectTimeoutMs ?? options.connectTimeoutMs,
    statementTimeoutMs: location.statementTimeoutMs ?? options.statementTimeoutMs,
  })
  const pool = new Pool<PostgresConnection>({
    open: () => connector.connect(),
    close: (connection) => connection.end(),
    isUsable: (connection) => connection.isUsable,
    max: location.poolMax ?? options.max,
    idleMs: location.poolIdleMs ?? options.idleMs,
    waitMs,
  })
  const driver = new PostgresDriver(pool, waitMs, () => connector.connect())
  try {
    await requireUTF8(driver)
  } catch (error) {
    await driver.close()
    throw error
  }
  return driver
}

async function requireUTF8({ reader }: PostgresDriver): Promise<void> {
  const sql = `select current_setting('server_encoding')`
  const [encoding] = (await reader.execute({ sql, fetch: 'row', access: 'read' }, [])) ?? []
  if (encoding === 'UTF8') return
  throw new DatabaseUnavailable(
    `The database keeps text as ${String(encoding)}, which cannot hold all of it: create database … encoding 'UTF8' template template0.`,
  )
}
