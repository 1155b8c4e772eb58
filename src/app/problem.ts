import { HTTPError, InvalidInput } from '../http/errors.ts'
import { RawReply } from '../http/reply.ts'
import type { Context } from './context.ts'

/** Turns every error of an app into its answer. A plain value is sent as JSON with the error's status. */
export type FormatError = (error: HTTPError, c: Context) => unknown

/** The default form of errors: RFC 9457 problem details, with the stable `code` and, for 422, `errors` by field. */
export function problem(error: HTTPError, c: Context): RawReply {
  const body = {
    type: 'about:blank',
    title: error.title,
    status: error.status,
    detail: error.message,
    code: error.code,
    ...(error instanceof InvalidInput && { errors: error.errors }),
    ...(error.status >= 500 && { request_id: c.id }),
  }
  const headers = { 'content-type': 'application/problem+json; charset=utf-8' }
  return new RawReply(error.status, JSON.stringify(body), headers)
}
