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
import { ConnectionLost, DatabaseBusy, StatementCancelled, WriteInRead } from '../errors.ts'
import { RecentMap } from '../../lib/recent_map.ts'
import { Pool, type PoolSettings } from '../pool.ts'
import { askOnce, connect, importMysql2, SERVER, sessionSetup, toServer } from './connect.ts'
import { type ConnectionContext, MariadbConnection } from './connection.ts'
import { mariadbDialect } from './dialect.ts'
import type { SchemaConnection } from '../migrate/schema_connection.ts'
import { LOCK, MariadbSchemaConnection } from './schema_connection.ts'
import { accessOf } from './statement.ts'
import { MariadbTransaction } from './transaction.ts'
import { UniqueKeys } from './unique_keys.ts'
import type { MariadbLocation } from './url.ts'

const MAX_TEXTS = 500

export interface MariadbOptions extends PoolSettings {
  /** How long to wait for a connection or a lock before it is an error. */
  readonly waitMs: number
}

/** A MariaDB or MySQL server: a pool of connections, which read by themselves and write in transactions. */
export class MariadbDriver implements Driver {
  readonly dialect: Dialect
  readonly reader: Executor
  readonly #location: MariadbLocation
  readonly #context: ConnectionContext
  readonly #pool: Pool<MariadbConnection>
  readonly #access = new RecentMap<string, Query['access']>(MAX_TEXTS)

  constructor(location: MariadbLocation, context: ConnectionContext, options: MariadbOptions) {
    const { waitMs } = options
    const statementTimeoutMs = location.statementTimeoutMs ?? options.statementTimeoutMs
    this.dialect = mariadbDialect(context.server)
    this.reader = { execute: (query, values, signal) => this.#read(query, values, signal) }
    this.#location = location
    this.#context = context
    this.#pool = new Pool({
      open: () => this.#connect(statementTimeoutMs),
      close: (connection) => connection.end(),
      isUsable: (connection) => connection.isUsable,
      max: location.maxConnections ?? options.max,
      idleMs: location.idleMs ?? options.idleMs,
      waitMs,
    })
  }

  async begin(options: BeginOptions): Promise<Transaction> {
    return this.#again(async () => {
      const connection = await this.#pool.acquire(() => options.isAbandoned())
      try {
        await start(connection, options)
      } catch (error) {
        this.#pool.release(connection)
        throw error
      }
      return new MariadbTransaction(connection, () => this.#pool.release(connection))
    })
  }

  accessOf(sql: string): Query['access'] {
    let access = this.#access.get(sql)
    if (!access) {
      access = accessOf(sql)
      this.#access.set(sql, access)
    }
    return access
  }

  /** Statements that define tables commit by themselves, so they have a connection of their own. */
  async define<T>(work: (executor: Executor) => Promise<T>): Promise<T> {
    const connection = await this.#connect(undefined)
    const { waitMs } = this.#context
    try {
      await connection.control('set session transaction read write')
      const { rows } = await connection.control(
        `select get_lock(${LOCK}, ${Math.ceil(waitMs / 1000)})`,
      )
      if (rows[0]?.[0] !== 1) throw new DatabaseBusy(waitMs, 'another process that defines tables')
      return await work(connection)
    } finally {
      connection.close()
    }
  }

  async openSchema(): Promise<SchemaConnection> {
    const { server } = this.#context
    return MariadbSchemaConnection.open({ server, connect: () => this.#connect(undefined) })
  }

  async close(): Promise<void> {
    await this.#pool.close()
  }

  async #read<Q extends Query>(
    query: Q,
    values: readonly SQLValue[],
    signal?: AbortSignal,
  ): Promise<Fetched[Q['fetch']]> {
    try {
      return await this.#again(() => this.#readOnce(query, values, signal))
    } catch (error) {
      // Whoever asks again is told that it writes.
      if (error instanceof WriteInRead) this.#access.set(query.sql, 'write')
      throw signal?.aborted ? new StatementCancelled({ cause: error }) : error
    }
  }

  async #readOnce<Q extends Query>(
    query: Q,
    values: readonly SQLValue[],
    signal?: AbortSignal,
  ): Promise<Fetched[Q['fetch']]> {
    const connection = await this.#pool.acquire(() => signal?.aborted === true)
    try {
      return await connection.execute(query, values, signal)
    } finally {
      this.#pool.release(connection)
    }
  }

  /** What changes nothing is done once more, when it finds that its connection was lost. */
  async #again<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error
      this.#pool.discardIdle()
      return work()
    }
  }

  async #connect(statementTimeoutMs: number | undefined): Promise<MariadbConnection> {
    const { mysql2, server, waitMs, connectTimeoutMs } = this.#context
    const connection = new MariadbConnection(
      await connect(mysql2, this.#location, connectTimeoutMs),
      this.#context,
    )
    try {
      for (const sql of sessionSetup(server, { waitMs, statementTimeoutMs })) {
        await connection.control(sql)
      }
    } catch (error) {
      connection.close()
      throw error
    }
    return connection
  }
}

async function start(connection: MariadbConnection, { isolation }: BeginOptions): Promise<void> {
  if (isolation) await connection.control(`set transaction isolation level ${isolation}`)
  await connection.control('start transaction read write')
}

/**
 * Open a pool of connections.
 *
 * @throws {DatabaseUnavailable} when the server cannot be reached or lets nobody in, and when mysql2 is not installed
 */
export async function openMariadb(
  location: MariadbLocation,
  options: MariadbOptions,
): Promise<MariadbDriver> {
  const { waitMs, connectTimeoutMs } = options
  const mysql2 = await importMysql2()
  const ask = (sql: string) => askOnce(mysql2, location, connectTimeoutMs, sql)
  const server = toServer(await ask(SERVER))
  const kill = async (threadId: number) => void (await ask(`kill query ${threadId}`))
  const context = { mysql2, server, uniqueKeys: new UniqueKeys(), waitMs, connectTimeoutMs, kill }
  return new MariadbDriver(location, context, options)
}
