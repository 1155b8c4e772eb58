import { randomBytes } from 'node:crypto'
import type { TableState } from '../ddl/table_state.ts'
import type { RawResult, SQLValue, StoredRow } from '../driver.ts'
import { DatabaseBusy, DatabaseError, DataError, NotNullViolation } from '../errors.ts'
import { MigrationError } from '../migrate/errors.ts'
import type { OnWait, SchemaConnection, SchemaDialect } from '../migrate/schema_connection.ts'
import type { SchemaStep } from '../migrate/steps.ts'
import { mariadbSchema } from './alter.ts'
import type { MariadbConnection } from './connection.ts'
import { COLLATIONS, type Server } from './connect.ts'
import { mariadbDialect } from './dialect.ts'
import { introspectMariadb } from './introspect.ts'
import { quoted } from './quoting.ts'

/** The lock of all who define tables of a database, as the server has one space of names for all. */
export const LOCK = `concat('dewar.', md5(database()))`

/** Others may copy a large table meanwhile. */
const WAIT_S = 600

/** How a schema connection comes to the server. */
export interface SchemaHost {
  readonly server: Server
  connect(): Promise<MariadbConnection>
}

/** A connection to a server on which tables are changed. */
export class MariadbSchemaConnection implements SchemaConnection {
  readonly schema: SchemaDialect
  readonly #host: SchemaHost
  readonly #connection: MariadbConnection
  /** To be removed with everything in it. */
  readonly #scratch: string | undefined

  private constructor(
    host: SchemaHost,
    connection: MariadbConnection,
    scratch: string | undefined,
  ) {
    this.schema = mariadbSchema(mariadbDialect(host.server))
    this.#host = host
    this.#connection = connection
    this.#scratch = scratch
  }

  /** @param scratch the name of a database to make and work in */
  static async open(host: SchemaHost, scratch?: string): Promise<MariadbSchemaConnection> {
    if (host.server.kind === 'mysql') {
      throw new MigrationError('There are migrations for MariaDB, not for MySQL yet.')
    }
    const connection = await host.connect()
    try {
      await connection.control('set session transaction read write')
      await connection.control('set default_storage_engine = innodb')
      if (scratch !== undefined) await makeScratch(connection, scratch)
      return new MariadbSchemaConnection(host, connection, scratch)
    } catch (error) {
      connection.close()
      throw error
    }
  }

  async execute(sql: string, values: readonly SQLValue[] = []): Promise<readonly StoredRow[]> {
    return this.#connection.execute({ sql, fetch: 'rows', access: 'write' }, values)
  }

  async executeRaw(sql: string, values: readonly SQLValue[]): Promise<RawResult> {
    return this.#connection.execute({ sql, fetch: 'result', access: 'write' }, values)
  }

  async takeTurn(onWait: OnWait): Promise<void> {
    if (await this.#lock(0)) return
    onWait('another process changes the tables')
    if (await this.#lock(WAIT_S)) return
    throw new DatabaseBusy(WAIT_S * 1000, 'another process that changes the tables')
  }

  async endTurn(): Promise<void> {
    // Without a connection there is no lock.
    if (this.#connection.isUsable) await this.#connection.control(`do release_lock(${LOCK})`)
  }

  async begin(): Promise<void> {
    await this.#connection.control('start transaction read write')
  }

  async commit(): Promise<void> {
    await this.#connection.control('commit')
  }

  async rollback(): Promise<void> {
    if (this.#connection.isUsable) await this.#connection.control('rollback')
  }

  async apply(step: SchemaStep): Promise<void> {
    try {
      for (const sql of this.schema.statements(step)) await this.#connection.control(sql)
    } catch (error) {
      throw (error instanceof DataError && (await this.#nullIn(step, error))) || error
    }
  }

  /** The server does not let go what others stand on. */
  async verify(): Promise<void> {}

  async hasTable(name: string): Promise<boolean> {
    const rows = await this.execute(
      `select 1 from information_schema.tables
       where table_schema = database() and table_name = ? and table_type = 'BASE TABLE'`,
      [name],
    )
    return rows.length > 0
  }

  introspect(): Promise<readonly TableState[]> {
    return introspectMariadb((sql) => this.execute(sql))
  }

  openScratch(): Promise<SchemaConnection> {
    const name = `dewar_proof_${randomBytes(6).toString('hex')}`
    return MariadbSchemaConnection.open(this.#host, name)
  }

  async close(): Promise<void> {
    try {
      if (this.#scratch !== undefined) {
        await this.rollback()
        await this.#connection.control(`drop database ${this.#scratch}`)
      }
    } finally {
      this.#connection.close()
    }
  }

  /** Of a null where none may be any more the server says just that it does not fit. */
  async #nullIn(
    { operation }: SchemaStep,
    cause: DataError,
  ): Promise<NotNullViolation | undefined> {
    if (operation.kind !== 'addColumn' && operation.kind !== 'alterColumn') return undefined
    const { table, column } = operation
    if (column.isNullable) return undefined
    const [found] = await this.execute(
      `select 1 from ${quoted(table)} where ${quoted(column.name)} is null limit 1`,
    )
    return found && new NotNullViolation(table, column.name, { cause })
  }

  async #lock(waitS: number): Promise<boolean> {
    const [row] = await this.execute(`select get_lock(${LOCK}, ${waitS})`)
    return Number(row?.[0]) === 1
  }
}

/** @throws {MigrationError} when the account may not */
async function makeScratch(connection: MariadbConnection, name: string): Promise<void> {
  try {
    await connection.control(
      `create database ${name} character set utf8mb4 collate ${COLLATIONS.mariadb}`,
    )
    await connection.control(`use ${name}`)
  } catch (cause) {
    if (!(cause instanceof DatabaseError)) throw cause
    throw new MigrationError(
      'A proof, and a comparison, needs an empty database, and this account cannot make one ' +
        `(${cause.message}). Allow it: grant all on \`dewar\\_proof\\_%\`.* to the account, ` +
        'or run this with another account.',
      { cause },
    )
  }
}
