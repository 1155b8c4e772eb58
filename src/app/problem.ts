import { type HTTPError, type InvalidFields, InvalidInput } from '../http/errors.ts'
import type { Context } from './context.ts'
import { Outgoing } from './outgoing.ts'

/** Turns every error of an app into its answer. A plain value is sent as JSON with the error's status. */
export type FormatError = (error: HTTPError, c: Context) => unknown

/** The default form of errors: RFC 9457 problem details, with the stable `code` and, for 422, `errors` by field. */
export function problem(error: HTTPError, c: Context): Outgoing {
  const body: Problem = {
    type: 'about:blank',
    title: error.title,
    status: error.status,
    detail: error.message,
    code: error.code,
  }
  if (error instanceof InvalidInput) body.errors = error.errors
  if (error.status >= 500) body.request_id = c.id
  return new Outgoing(error.status, PROBLEM_HEADERS, JSON.stringify(body))
}

interface Problem {
  type: string
  title: string
  status: number
  detail: string
  code: string
  errors?: InvalidFields
  request_id?: string
}

const PROBLEM_HEADERS = Object.freeze({
  'content-type': 'application/problem+json; charset=utf-8',
})
