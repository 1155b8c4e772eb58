import { type Context, type HTTPError, InvalidInput } from 'dewar'
import { z } from 'dewar/schema'

/** The schema of `{"status": "success", "data": …}`. */
export function envelope<S extends z.ZodType>(data: S) {
  return z.object({ status: z.literal('success'), data })
}

/** What succeeds is in an envelope. */
export function success<const T>(data: T) {
  return { status: 'success' as const, data }
}

/** What fails is in another; input that a schema refuses says which field and why, and is logged. */
export function formatError(error: HTTPError, c: Context) {
  if (error.status >= 500) return fail('An internal server error occurred')
  if (!(error instanceof InvalidInput)) return fail(error.message)
  c.log.warn({ errors: error.errors }, error.message)
  const { query } = error.errors
  return query ? [fail(error.messages[0] ?? error.message), 400] : fail(error.message, error.fields)
}

export function fail(message: string, details?: InvalidInput['fields']) {
  return { status: 'error', error: details ? { message, details } : { message } }
}
