import {
  CheckViolation,
  DatabaseBusy,
  DatabaseError,
  DatabaseUnavailable,
  DataError,
  ForeignKeyViolation,
  NotNullViolation,
  UniqueViolation,
} from '../errors.ts'

interface SqliteError extends Error {
  /** SQLite's extended result code. */
  readonly errcode: number
}

const BUSY = 5
const LOCKED = 6

/** Whether another connection holds what this one needs; the same may work in a moment. */
export function isBusy(error: unknown): boolean {
  if (!isSqliteError(error)) return false
  const code = error.errcode & 0xff
  return code === BUSY || code === LOCKED
}

/** The typed error for what SQLite answered; anything else as it is. @param waitedMs for a lock */
export function toDatabaseError(error: unknown, waitedMs = 0): unknown {
  if (!isSqliteError(error)) return error
  const toTyped = BY_EXTENDED_CODE[error.errcode] ?? BY_CODE[error.errcode & 0xff] ?? other
  return toTyped(error, waitedMs)
}

function isSqliteError(error: unknown): error is SqliteError {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
}

type ToTyped = (error: SqliteError, waitedMs: number) => DatabaseError

const busy: ToTyped = (cause, waitedMs) => new DatabaseBusy(waitedMs, 'another process', { cause })
const unavailable: ToTyped = (cause) =>
  new DatabaseUnavailable(`SQLite: ${cause.message}`, { cause })
const misfit: ToTyped = (cause) =>
  new DataError('A value does not fit its column.', undefined, { cause })
const foreign: ToTyped = (cause) => new ForeignKeyViolation({ cause })
const other: ToTyped = (cause) => new DatabaseError(`SQLite: ${cause.message}`, { cause })
const duplicate: ToTyped = (cause) => {
  const [table, columns] = columnsIn(cause.message)
  return new UniqueViolation(table, columns, { cause })
}

const BY_CODE: Readonly<Record<number, ToTyped>> = {
  [BUSY]: busy,
  [LOCKED]: busy,
  8: unavailable, // READONLY
  10: unavailable, // IOERR
  13: unavailable, // FULL
  14: unavailable, // CANTOPEN
  18: misfit, // TOOBIG
  20: misfit, // MISMATCH
}

const BY_EXTENDED_CODE: Readonly<Record<number, ToTyped>> = {
  275: (cause) => {
    const [, constraint] = /failed: (\w+)$/.exec(cause.message) ?? []
    const [, column] = /^check_(\w+)$/.exec(constraint ?? '') ?? []
    return new CheckViolation(constraint, column, { cause })
  },
  787: foreign,
  1811: (cause) => (cause.message.startsWith('FOREIGN KEY') ? foreign(cause, 0) : other(cause, 0)), // TRIGGER, and RESTRICT
  1299: (cause) => {
    const [table, [column]] = columnsIn(cause.message)
    return new NotNullViolation(table, column, { cause })
  },
  1555: duplicate, // PRIMARYKEY
  2067: duplicate, // UNIQUE
  2579: duplicate, // ROWID
  3091: misfit, // DATATYPE
}

/** `UNIQUE constraint failed: tasks.owner, tasks.title` */
function columnsIn(message: string): [table: string | undefined, columns: string[]] {
  const [, names = ''] = /failed: ((?:\w+\.\w+(?:, )?)+)$/.exec(message) ?? []
  const pairs = names === '' ? [] : names.split(', ').map((name) => name.split('.'))
  return [pairs[0]?.[0], pairs.flatMap(([, column = '']) => column)]
}
