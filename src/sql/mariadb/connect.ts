import { readFileSync } from 'node:fs'
import type { Connection, ConnectionOptions } from 'mysql2'
import type { StoredRow } from '../driver.ts'
import { DatabaseError, DatabaseUnavailable } from '../errors.ts'
import { toAnswer } from './answer.ts'
import { type MysqlError, toConnectError, toDatabaseError } from './errors.ts'
import type { MariadbLocation } from './url.ts'

export type Mysql2 = typeof import('mysql2')

/** What differs between the servers of this kind. */
export interface Server {
  readonly kind: 'mariadb' | 'mysql'
  /** The greatest statement with its values that it accepts. */
  readonly maxPacketBytes: number
  /** Whether waiting for a lock in vain undoes the transaction, not just the statement. */
  readonly rollsBackOnTimeout: boolean
}

/** @throws {DatabaseUnavailable} when it is not installed */
export async function importMysql2(): Promise<Mysql2> {
  try {
    return (await import('mysql2')).default
  } catch (cause) {
    throw new DatabaseUnavailable('MariaDB and MySQL need a driver: npm install mysql2', { cause })
  }
}

/** @throws {DatabaseUnavailable} when the server cannot be reached, or lets nobody in */
export function connect(
  mysql2: Mysql2,
  location: MariadbLocation,
  timeoutMs: number,
): Promise<Connection> {
  const connection = mysql2.createConnection(toOptions(location, timeoutMs))
  const { promise, resolve, reject } = Promise.withResolvers<Connection>()
  // An error that nobody listens to would end the process.
  connection.on('error', (error: MysqlError) => reject(toConnectError(error)))
  connection.connect((error) => {
    if (!error) return resolve(connection)
    connection.destroy()
    reject(toConnectError(error))
  })
  return promise
}

/** Run one statement on a connection of its own. @returns the first row that it answers */
export async function askOnce(
  mysql2: Mysql2,
  location: MariadbLocation,
  timeoutMs: number,
  sql: string,
): Promise<StoredRow> {
  const connection = await connect(mysql2, location, timeoutMs)
  const { promise, resolve, reject } = Promise.withResolvers<StoredRow>()
  connection.query(sql, (error: MysqlError | null, result: unknown, fields: unknown) => {
    connection.destroy()
    if (error) reject(toDatabaseError(error))
    else resolve(toAnswer(result, fields).rows[0] ?? [])
  })
  return promise
}

const MAX_STATEMENTS = 250

function toOptions(location: MariadbLocation, timeoutMs: number): ConnectionOptions {
  const { host, port, socketPath, user, password, database } = location
  return {
    ...(socketPath === undefined ? { host, port } : { socketPath }),
    user,
    password,
    database,
    charset: 'utf8mb4',
    connectTimeout: timeoutMs,
    // With FOUND_ROWS, which is on, an update counts the rows that it means, not those that it changes.
    flags: ['-LOCAL_FILES', '-ODBC', '-IGNORE_SPACE'],
    rowsAsArray: true,
    dateStrings: true,
    jsonStrings: true,
    supportBigNumbers: true,
    maxPreparedStatements: MAX_STATEMENTS,
    ...(location.sslMode !== 'disable' && { ssl: toTLS(location) }),
  }
}

function toTLS({ sslMode, caPath }: MariadbLocation): NonNullable<ConnectionOptions['ssl']> {
  const isVerified = sslMode === 'verify-full'
  return {
    rejectUnauthorized: isVerified,
    verifyIdentity: isVerified,
    ...(caPath !== undefined && { ca: readFileSync(caPath, 'utf8') }),
  }
}

/** Answers what {@link toServer} reads. */
export const SERVER = 'select version(), @@max_allowed_packet, @@innodb_rollback_on_timeout'

/** @throws {DatabaseError} when the server is too old */
export function toServer([version, maxPacketBytes, rollsBackOnTimeout]: StoredRow): Server {
  const text = String(version)
  const kind = /mariadb/i.test(text) ? 'mariadb' : 'mysql'
  const [, major, minor, patch] = /(\d+)\.(\d+)\.(\d+)/.exec(text) ?? []
  if (Number(major) * 10_000 + Number(minor) * 100 + Number(patch) < OLDEST[kind]) {
    throw new DatabaseError(`Dewar needs MariaDB 10.6 or MySQL 8.0.23, or later; not ${text}.`)
  }
  return {
    kind,
    maxPacketBytes: Number(maxPacketBytes),
    rollsBackOnTimeout: Number(rollsBackOnTimeout) === 1,
  }
}

const OLDEST: Readonly<Record<Server['kind'], number>> = { mariadb: 100_600, mysql: 80_023 }

/** Compares by code point, trailing spaces included. */
export const COLLATIONS: Readonly<Record<Server['kind'], string>> = {
  mariadb: 'utf8mb4_nopad_bin',
  mysql: 'utf8mb4_0900_bin',
}

// As in the other databases: nothing is cut or rounded to fit, "x" is a name, || joins text, 0 is a key like others.
const MODES =
  'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,' +
  'NO_AUTO_VALUE_ON_ZERO,ANSI_QUOTES,PIPES_AS_CONCAT'

export interface SessionOptions {
  /** For locks. */
  readonly waitMs: number
  readonly statementTimeoutMs: number | undefined
}

/** The statements that every connection begins with. Without a transaction it only reads. */
export function sessionSetup(
  { kind }: Server,
  { waitMs, statementTimeoutMs }: SessionOptions,
): readonly string[] {
  const isMariadb = kind === 'mariadb'
  const waitS = Math.max(1, Math.ceil(waitMs / 1000))
  const settings = [
    `names utf8mb4 collate ${COLLATIONS[kind]}`,
    `time_zone = '+00:00'`,
    `sql_mode = '${MODES}${isMariadb ? ',SIMULTANEOUS_ASSIGNMENT' : ''}'`,
    'autocommit = 1',
    `innodb_lock_wait_timeout = ${waitS}`,
    `lock_wait_timeout = ${waitS}`,
  ]
  if (statementTimeoutMs !== undefined) {
    settings.push(
      isMariadb
        ? `max_statement_time = ${statementTimeoutMs / 1000}`
        : `max_execution_time = ${Math.ceil(statementTimeoutMs)}`,
    )
  }
  return [
    `set ${settings.join(', ')}`,
    'set session transaction isolation level read committed, read only',
  ]
}
