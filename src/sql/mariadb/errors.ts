import {
  CheckViolation,
  ConnectionLost,
  DatabaseBusy,
  DatabaseError,
  DatabaseUnavailable,
  DataError,
  Deadlock,
  ForeignKeyViolation,
  NotNullViolation,
  SerializationFailure,
  StatementTimeout,
  WriteInRead,
} from '../errors.ts'
import type { Server } from './connect.ts'
import { tableIn } from './statement.ts'

/** What mysql2 throws: an error of the server with its number, or one of the network with a code. */
export interface MysqlError extends Error {
  readonly errno?: number | undefined
  readonly code?: string | undefined
  readonly sqlState?: string | undefined
}

const DUPLICATES: ReadonlySet<number> = new Set([1062, 1586, 1761, 1762])

/** Whether a row with these values exists already. Which they are tells {@link UniqueKeys}. */
export function isDuplicate(error: MysqlError): boolean {
  return error.errno !== undefined && DUPLICATES.has(error.errno)
}

/** `Duplicate entry '…' for key 'uq_tasks_title'`; MySQL puts the table before it. */
export function duplicateIn(message: string): { table: string | undefined; index: string } {
  const [, table, index = ''] = /for key '(?:(\w+)\.)?([^']*)'$/.exec(message) ?? []
  return { table, index }
}

/** Whether the server does not prepare statements of this kind. */
export function isUnpreparable(error: MysqlError): boolean {
  return error.errno === 1295
}

export interface ErrorContext {
  readonly sql?: string
  /** For a lock. */
  readonly waitedMs?: number
}

/** The typed error for what the server or the network said. */
export function toDatabaseError(cause: MysqlError, context: ErrorContext = {}): DatabaseError {
  const toTyped = BY_NUMBER.get(cause.errno ?? 0)
  if (toTyped) return toTyped(cause, context)
  if (isLost(cause)) return new ConnectionLost(undefined, { cause })
  if (cause.sqlState?.startsWith('22')) return misfit(cause)
  return new DatabaseError(`MariaDB: ${cause.message}`, { cause })
}

/** The error for a server that cannot be reached or lets nobody in. */
export function toConnectError(cause: MysqlError): DatabaseError {
  const typed = toDatabaseError(cause)
  if (typed instanceof DatabaseBusy) return typed
  return new DatabaseUnavailable(`MariaDB cannot be reached: ${cause.message}`, { cause })
}

/** Whether the server has undone the whole transaction, not just the statement. */
export function rollsBack(error: DatabaseError, server: Server): boolean {
  if (error instanceof DatabaseBusy) return server.rollsBackOnTimeout
  return error instanceof Deadlock || error instanceof SerializationFailure
}

/** Whether the connection is of no more use. */
function isLost({ code, message }: MysqlError): boolean {
  return LOST_CODES.has(code ?? '') || message.includes('closed state')
}

const LOST_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_PACKETS_OUT_OF_ORDER',
])

type ToTyped = (cause: MysqlError, context: ErrorContext) => DatabaseError

const busy: ToTyped = (cause, { waitedMs = 0 }) => new DatabaseBusy(waitedMs, undefined, { cause })

const crowded: ToTyped = (cause, { waitedMs = 0 }) =>
  new DatabaseBusy(waitedMs, undefined, { cause, because: 'the server has too many connections' })

const lost: ToTyped = (cause) => new ConnectionLost(undefined, { cause })

const unavailable: ToTyped = (cause) =>
  new DatabaseUnavailable(`MariaDB: ${cause.message}`, { cause })

/** `Data too long for column 'name' at row 1`, `Out of range value for column `shop`.`things`.`size` at row 1` */
function columnIn({ message }: MysqlError): string | undefined {
  return /column [`'"](?:\w+[`"]\.[`"]\w+[`"]\.[`"])?(\w+)[`'"] at row \d+$/.exec(message)?.[1]
}

/** `Incorrect integer value: 'x' for column `shop`.`things`.`size` at row 1` */
function misfit(cause: MysqlError): DatabaseError {
  return new DataError('A value does not fit its column.', columnIn(cause), { cause })
}

const foreignKey: ToTyped = (cause) => new ForeignKeyViolation({ cause })

/** `Column 'name' cannot be null`, `Field 'name' doesn't have a default value` */
const missing: ToTyped = (cause, { sql = '' }) => {
  const [, column] = /^(?:Column|Field) '(\w+)'/.exec(cause.message) ?? []
  return new NotNullViolation(tableIn(sql), column, { cause })
}

/** `CONSTRAINT `things.kind` failed for `shop`.`things``; `Check constraint 'things.kind' is violated.` */
const check: ToTyped = (cause) => {
  const [, constraint] = /CONSTRAINT [`'"]([^`'"]+)[`'"]/i.exec(cause.message) ?? []
  const [, column] = constraint?.split('.') ?? []
  return new CheckViolation(constraint, column, { cause })
}

const timeout: ToTyped = (cause) => new StatementTimeout({ cause })

const BY_NUMBER: ReadonlyMap<number, ToTyped> = new Map<number, ToTyped>([
  [1020, (cause) => new SerializationFailure({ cause })], // the row changed since it was read
  [1021, unavailable], // disk full
  [1023, unavailable],
  [1030, unavailable], // the storage engine
  [1037, unavailable], // out of memory
  [1038, unavailable],
  [1040, crowded], // too many connections
  [1041, unavailable],
  [1048, missing],
  [1053, lost], // shutdown
  [1114, unavailable], // table full
  [1138, missing],
  [1153, misfit], // packet too large
  [1203, crowded],
  [1205, busy], // lock wait
  [1213, (cause) => new Deadlock({ cause })],
  [1216, foreignKey],
  [1217, foreignKey],
  [1226, crowded],
  [1264, misfit],
  [1265, misfit],
  [1290, unavailable], // --read-only
  [1292, misfit],
  [1300, misfit],
  [1364, missing],
  [1366, misfit],
  [1406, (cause) => new CheckViolation(undefined, columnIn(cause), { cause })], // longer than its column
  [1411, misfit],
  [1441, misfit],
  [1451, foreignKey],
  [1452, foreignKey],
  [1690, misfit],
  [1792, (cause) => new WriteInRead({ cause })],
  [1836, unavailable], // read-only mode
  [1927, lost], // the connection was killed
  [1969, timeout], // max_statement_time
  [3024, timeout], // max_execution_time
  [3140, misfit], // invalid JSON
  [3572, busy], // nowait
  [3819, check],
  [4025, check],
])
