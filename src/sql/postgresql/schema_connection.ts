import { randomBytes } from 'node:crypto'
import type { TableState } from '../ddl/table_state.ts'
import type { RawResult, SQLValue, StoredRow } from '../driver.ts'
import type { OnWait, SchemaConnection, SchemaDialect } from '../migrate/schema_connection.ts'
import type { SchemaStep } from '../migrate/steps.ts'
import { postgresSchema } from './alter.ts'
import type { PostgresConnection } from './connection.ts'
import { postgresDialect } from './dialect.ts'
import { toDatabaseError } from './errors.ts'
import { introspectPostgres } from './introspect.ts'

type Connect = () => Promise<PostgresConnection>

/** An arbitrary number that all who run migrations lock; other databases of the server have others. */
const LOCK = 7_302_118_460

/** Others may copy a large table meanwhile. */
const WAIT = '10min'

/** A connection to a server on which tables are changed. */
export class PostgresSchemaConnection implements SchemaConnection {
  readonly schema: SchemaDialect = postgresSchema(postgresDialect())
  readonly #connect: Connect
  readonly #connection: PostgresConnection
  readonly #waitMs: number
  /** To be removed with everything in it. */
  readonly #scratch: string | undefined

  private constructor(
    connect: Connect,
    connection: PostgresConnection,
    waitMs: number,
    scratch: string | undefined,
  ) {
    this.#connect = connect
    this.#connection = connection
    this.#waitMs = waitMs
    this.#scratch = scratch
  }

  /** @param scratch the name of a schema to make and work in */
  static async open(
    connect: Connect,
    waitMs: number,
    scratch?: string,
  ): Promise<PostgresSchemaConnection> {
    const connection = await connect()
    const made = new PostgresSchemaConnection(connect, connection, waitMs, scratch)
    try {
      await made.execute('set default_transaction_read_only = off; set statement_timeout = 0')
      if (scratch !== undefined) {
        await made.execute(`create schema "${scratch}"; set search_path = "${scratch}"`)
      }
      return made
    } catch (error) {
      await connection.end()
      throw error
    }
  }

  async execute(sql: string, values: readonly SQLValue[] = []): Promise<readonly StoredRow[]> {
    // What answers nothing may be several statements, as people write them.
    const isQuery = values.length > 0 || /^\s*(?:select|with|table|values|show)\b/i.test(sql)
    if (isQuery)
      return this.#typed(this.#connection.execute({ sql, fetch: 'rows', access: 'write' }, values))
    await this.#typed(this.#connection.control(sql))
    return []
  }

  executeRaw(sql: string, values: readonly SQLValue[]): Promise<RawResult> {
    const query = { sql, fetch: 'result', access: 'write' } as const
    return this.#typed(this.#connection.execute(query, values))
  }

  async takeTurn(onWait: OnWait): Promise<void> {
    const [row] = await this.execute(`select pg_try_advisory_lock(${LOCK})`)
    if (row?.[0] === 't' || row?.[0] === true) return
    onWait('another process changes the tables')
    await this.execute(`set lock_timeout = '${WAIT}'`)
    await this.execute(`select pg_advisory_lock(${LOCK})`)
    await this.execute(`set lock_timeout = ${this.#waitMs}`)
  }

  async endTurn(): Promise<void> {
    await this.execute(`select pg_advisory_unlock(${LOCK})`)
  }

  async begin(): Promise<void> {
    await this.execute('begin')
  }

  async commit(): Promise<void> {
    await this.execute('commit')
  }

  async rollback(): Promise<void> {
    await this.execute('rollback')
  }

  async apply(step: SchemaStep): Promise<void> {
    for (const sql of this.schema.statements(step)) await this.execute(sql)
  }

  /** The server does not let go what others stand on. */
  async verify(): Promise<void> {}

  async hasTable(name: string): Promise<boolean> {
    const rows = await this.execute(
      `select 1 from pg_class where relname = $1 and relkind in ('r', 'p')
       and relnamespace = current_schema()::regnamespace`,
      [name],
    )
    return rows.length > 0
  }

  introspect(): Promise<readonly TableState[]> {
    return introspectPostgres((sql) => this.execute(sql))
  }

  async openScratch(): Promise<SchemaConnection> {
    const name = `dewar_proof_${randomBytes(6).toString('hex')}`
    return PostgresSchemaConnection.open(this.#connect, this.#waitMs, name)
  }

  async close(): Promise<void> {
    try {
      if (this.#scratch !== undefined) {
        await this.execute('rollback')
        await this.execute(`drop schema "${this.#scratch}" cascade`)
      }
    } finally {
      await this.#connection.end()
    }
  }

  async #typed<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer
    } catch (error) {
      throw toDatabaseError(error, this.#waitMs)
    }
  }
}
