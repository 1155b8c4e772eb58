import { scopes } from '../../app/scope.ts'
import { Conflict, HTTPError, InvalidInput, ServiceUnavailable } from '../../http/errors.ts'
import {
  CheckViolation,
  ConnectionLost,
  DatabaseBusy,
  type DatabaseError,
  DatabaseUnavailable,
  DataError,
  Deadlock,
  ForeignKeyViolation,
  NotNullViolation,
  SerializationFailure,
  StaleRow,
  StatementCancelled,
  StatementTimeout,
  UniqueViolation,
} from '../../sql/errors.ts'

const RETRY_AFTER = { 'retry-after': '1' }

/** What a client is told of an error of the database that nobody caught: no SQL, no values, no names of tables. What is nobody's fault stays as it is. */
export function toHTTPError(cause: DatabaseError): Error {
  if (cause instanceof UniqueViolation) {
    const names = cause.columns.join(', ')
    const what = names === '' ? 'It exists already.' : `There is one with this ${names} already.`
    return new Conflict(what, { code: 'already_exists', cause })
  }
  if (cause instanceof ForeignKeyViolation) {
    return new Conflict('It refers to something that is not there, or is referred to.', {
      code: 'reference_conflict',
      cause,
    })
  }
  if (cause instanceof StaleRow) return stale(cause)
  if (cause instanceof NotNullViolation)
    return invalid(cause.column, 'Field may not be null.', cause)
  if (cause instanceof CheckViolation) return invalid(cause.column, 'Invalid value.', cause)
  if (cause instanceof DataError) return invalid(cause.column, cause.message, cause)
  return fromState(cause) ?? cause
}

/** What the database could not do now, and may do later. */
function fromState(cause: DatabaseError): HTTPError | undefined {
  const later = (message: string | undefined, code: string) =>
    new ServiceUnavailable(message, { code, headers: RETRY_AFTER, cause })
  if (cause instanceof DatabaseBusy)
    return later('The database is busy. Try again later.', 'database_busy')
  if (cause instanceof SerializationFailure || cause instanceof Deadlock)
    return later('Others changed the same. Try again.', 'transaction_conflict')
  if (cause instanceof StatementTimeout || cause instanceof StatementCancelled)
    return later('The database took too long. Try again later.', 'database_timeout')
  if (cause instanceof ConnectionLost) return later(undefined, 'database_unavailable')
  if (!(cause instanceof DatabaseUnavailable)) return undefined
  return new ServiceUnavailable(undefined, { code: 'database_unavailable', cause })
}

/** A client that said which version it means is told that this is not it (RFC 9110, 13.1.1). */
function stale(cause: StaleRow): HTTPError {
  const message = 'It was changed since it was read. Read it again.'
  const request = scopes.getStore()?.request?.fastifyRequest
  const isConditional = request?.headers['if-match'] !== undefined
  return new HTTPError(isConditional ? 412 : 409, message, { code: 'stale', cause })
}

function invalid(column: string | undefined, message: string, cause: DatabaseError): HTTPError {
  const errors = { data: { [column ?? 'value']: [message] } }
  return new InvalidInput(errors, undefined, { cause })
}
