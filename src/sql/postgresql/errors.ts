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
  StatementCancelled,
  StatementTimeout,
  UniqueViolation,
  WriteInRead,
} from '../errors.ts'

/** What the server answers in place of a result. */
export interface ServerError extends Error {
  readonly code: string
  readonly severity?: string
  readonly table?: string
  readonly column?: string
  readonly constraint?: string
  readonly detail?: string
  readonly routine?: string
}

const SQLSTATE = /^[\dA-Z]{5}$/

/** Whether the server itself said so; else the connection is gone. */
export function isServerError(error: unknown): error is ServerError {
  return (
    error instanceof Error &&
    'severity' in error &&
    'code' in error &&
    typeof error.code === 'string' &&
    SQLSTATE.test(error.code)
  )
}

/** Whether the connection is of no more use. */
export function isLost(error: unknown): boolean {
  if (!isServerError(error)) return true
  const { code } = error
  return code.startsWith('57P') || code.startsWith('08') || code === '25P03'
}

/** Whether a statement that was prepared before a table changed must be prepared anew. */
export function isStalePlan(error: unknown): boolean {
  return isServerError(error) && error.code === '0A000' && error.routine === 'RevalidateCachedQuery'
}

/** @param waitMs how long a statement waits for a lock */
export function toDatabaseError(error: unknown, waitMs: number): DatabaseError {
  if (error instanceof DatabaseError) return error
  if (!isServerError(error) || isLost(error)) return new ConnectionLost(undefined, { cause: error })
  const toTyped = BY_CODE[error.code] ?? BY_CLASS[error.code.slice(0, 2)]
  if (toTyped) return toTyped(error, waitMs)
  return new DatabaseError(`PostgreSQL: ${error.message} (${error.code})`, { cause: error })
}

/** Why there is no connection. */
export function toUnavailable(error: unknown): DatabaseUnavailable {
  const reason = error instanceof AggregateError ? error.errors[0] : error
  const message = reason instanceof Error ? reason.message : String(reason)
  return new DatabaseUnavailable(`PostgreSQL: ${message}`, { cause: error })
}

type ToTyped = (error: ServerError, waitMs: number) => DatabaseError

const unavailable: ToTyped = (cause) =>
  new DatabaseUnavailable(`PostgreSQL: ${cause.message}`, { cause })
const foreign: ToTyped = (cause) => new ForeignKeyViolation({ cause })
// Its message holds values.
const misfit: ToTyped = (cause) =>
  new DataError('A value does not fit its column.', undefined, { cause })

const BY_CODE: Readonly<Record<string, ToTyped>> = {
  '23001': foreign,
  '23502': (cause) => new NotNullViolation(cause.table, cause.column, { cause }),
  '23503': foreign,
  '23505': (cause) => new UniqueViolation(cause.table, columnsIn(cause.detail ?? ''), { cause }),
  '23514': (cause) => {
    const [, column] = /^check_(\w+)$/.exec(cause.constraint ?? '') ?? []
    return new CheckViolation(cause.constraint, column, { cause })
  },
  '23P01': (cause) => new UniqueViolation(cause.table, columnsIn(cause.detail ?? ''), { cause }),
  '25006': (cause) => new WriteInRead({ cause }),
  '40001': (cause) => new SerializationFailure({ cause }),
  '40P01': (cause) => new Deadlock({ cause }),
  '54000': misfit, // too long for an index
  '55P03': (cause, waitMs) =>
    new DatabaseBusy(waitMs, undefined, { because: 'others hold a lock', cause }),
  '57014': (cause) =>
    CANCELLED_BY_USER.test(cause.message)
      ? new StatementCancelled({ cause })
      : new StatementTimeout({ cause }),
}

/** Untranslated; where messages are translated, a timeout is likelier. */
const CANCELLED_BY_USER = /user request/

const BY_CLASS: Readonly<Record<string, ToTyped>> = {
  '22': misfit,
  '53': unavailable,
  '58': unavailable,
}

/**
 * The columns in `Key (email, "odd "" name")=(…) already exists.`, whatever the language.
 *
 * @returns none when the index is one of expressions
 */
export function columnsIn(detail: string): string[] {
  const [, list = ''] = KEY.exec(detail) ?? []
  return Array.from(list.matchAll(NAME), ([name]) =>
    name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name,
  )
}

const NAME = /[\p{L}\p{N}_$]+|"(?:[^"]|"")+"/gu
const KEY = new RegExp(String.raw`\(((?:${NAME.source})(?:, (?:${NAME.source}))*)\)=\(`, 'u')
