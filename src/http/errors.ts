import { STATUS_CODES } from 'node:http'

/** What was wrong with a request, by where it was found: `{ json: { title: ['Not a valid string.'] } }`. */
export type InvalidFields = Record<string, FieldMessages>
/** Messages of one level: a field's own, or those of the fields (or list indexes) inside it. */
export type FieldMessages = { [field: string]: string[] | FieldMessages }

export interface HTTPErrorOptions extends ErrorOptions {
  /** Headers that the answer carries besides its own, such as `retry-after`. */
  headers?: Readonly<Record<string, string>>
  /** A stable name for programs, such as `'task_not_found'`. Default: made from the status. */
  code?: string
}

/**
 * An answer that the client should get instead of the handler's.
 *
 * `status` is for HTTP, `code` is for programs and never changes between
 * releases, `message` is for people and may. The stack and the cause never
 * leave the server outside debug mode.
 */
export class HTTPError extends Error {
  readonly status: number
  readonly code: string
  readonly headers: Readonly<Record<string, string>>

  /** @throws {RangeError} when `status` is not an error status, 400 to 599 */
  constructor(status: number, message?: string, options: HTTPErrorOptions = {}) {
    super(message ?? DEFAULT_MESSAGES[status] ?? titleOf(status), options)
    if (!Number.isInteger(status) || status < 400 || status > 599) {
      throw new RangeError(`An HTTPError has a status from 400 to 599, not ${status}.`)
    }
    this.name = new.target.name
    this.status = status
    this.code = options.code ?? titleOf(status).toLowerCase().replaceAll(/\W+/g, '_')
    this.headers = options.headers ?? NO_HEADERS
  }

  /** The status in words: `'Not Found'`. */
  get title(): string {
    return titleOf(this.status)
  }
}

/** 400: the request cannot be read, for example because its JSON is malformed. */
export class BadRequest extends HTTPError {
  constructor(message?: string, options?: HTTPErrorOptions) {
    super(400, message, options)
  }
}

/** 401: who is calling is not known. Always names a scheme in `WWW-Authenticate`. */
export class Unauthorized extends HTTPError {
  constructor(message?: string, options: HTTPErrorOptions = {}) {
    super(401, message, {
      ...options,
      headers: { 'www-authenticate': 'Bearer', ...options.headers },
    })
  }
}

/** 403: who is calling is known, and may not. */
export class Forbidden extends HTTPError {
  constructor(message?: string, options?: HTTPErrorOptions) {
    super(403, message, options)
  }
}

/** 404: nothing is at this address. */
export class NotFound extends HTTPError {
  constructor(message?: string, options?: HTTPErrorOptions) {
    super(404, message, options)
  }
}

/** 405: the address exists, the method does not. Lists those that do in `Allow`. */
export class MethodNotAllowed extends HTTPError {
  constructor(allowed: readonly string[], message?: string, options: HTTPErrorOptions = {}) {
    super(405, message, { ...options, headers: { allow: allowed.join(', '), ...options.headers } })
  }
}

/** 409: the request is right, but not in the present state of the resource. */
export class Conflict extends HTTPError {
  constructor(message?: string, options?: HTTPErrorOptions) {
    super(409, message, options)
  }
}

/** 413: the body, or a part of it, is larger than the route accepts. */
export class PayloadTooLarge extends HTTPError {
  constructor(message?: string, options?: HTTPErrorOptions) {
    super(413, message, { code: 'payload_too_large', ...options })
  }
}

/** 415: the body is of a type that the route does not read. */
export class UnsupportedMediaType extends HTTPError {
  constructor(message?: string, options?: HTTPErrorOptions) {
    super(415, message, options)
  }
}

/** 422: the request can be read, and says something that its contract does not allow. */
export class InvalidInput extends HTTPError {
  /** Messages by place, then by field: `{ json: { title: ['Not a valid string.'] } }`. */
  readonly errors: InvalidFields

  constructor(errors: InvalidFields, message = REFUSED, options?: HTTPErrorOptions) {
    super(422, message, options ? { code: INVALID, ...options } : { code: INVALID })
    this.errors = errors
  }

  /** Messages by field, whatever the place. */
  get fields(): FieldMessages {
    // Not assigned: a client may have named a field `__proto__`.
    return Object.fromEntries(Object.values(this.errors).flatMap((place) => Object.entries(place)))
  }

  /** All messages, whatever they are about, in the order in which they were found. */
  get messages(): string[] {
    return Object.values(this.errors).flatMap(allMessages)
  }
}

const INVALID = 'invalid_input'
const REFUSED = 'Input validation failed'

/**
 * An {@link InvalidInput} that is answered and never thrown, so its stack names no lines: V8 takes as long to make an error, even
 * with `stackTraceLimit` 0, as a schema to check a body.
 */
export function toRefusal(errors: InvalidFields): InvalidInput {
  const refusal: InvalidInput = Object.create(InvalidInput.prototype)
  return Object.assign(refusal, REFUSAL, { errors })
}

/** 429: too many requests. @param retryAfterS whole seconds until the next one can pass */
export class TooManyRequests extends HTTPError {
  constructor(retryAfterS: number, message?: string, options: HTTPErrorOptions = {}) {
    super(429, message, {
      ...options,
      headers: { 'retry-after': String(retryAfterS), ...options.headers },
    })
  }
}

/** 503: the server cannot answer now, and may be able to later. */
export class ServiceUnavailable extends HTTPError {
  constructor(message?: string, options?: HTTPErrorOptions) {
    super(503, message, options)
  }
}

/**
 * Leave the handler with an error status: `abort(404, 'Task 9 not found')`.
 *
 * The same as throwing the class for that status ({@link NotFound}, …), or an {@link HTTPError} where there is none.
 */
export function abort(status: number, message?: string, options?: HTTPErrorOptions): never {
  const Class = BY_STATUS.get(status)
  throw Class ? new Class(message, options) : new HTTPError(status, message, options)
}

const BY_STATUS = new Map<number, new (message?: string, options?: HTTPErrorOptions) => HTTPError>([
  [400, BadRequest],
  [401, Unauthorized],
  [403, Forbidden],
  [404, NotFound],
  [409, Conflict],
  [413, PayloadTooLarge],
  [415, UnsupportedMediaType],
  [503, ServiceUnavailable],
])

function allMessages(messages: string[] | FieldMessages): string[] {
  return Array.isArray(messages) ? messages : Object.values(messages).flatMap(allMessages)
}

/** What an error that names no headers has. */
export const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({})

const REFUSAL = {
  name: 'InvalidInput',
  message: REFUSED,
  stack: `InvalidInput: ${REFUSED}`,
  status: 422,
  code: INVALID,
  headers: NO_HEADERS,
}

const DEFAULT_MESSAGES: Readonly<Record<number, string>> = {
  400: 'The request cannot be read.',
  401: 'Sign in to use this address.',
  403: 'You may not do this.',
  404: 'The requested URL was not found on the server.',
  405: 'The method is not allowed for the requested URL.',
  409: 'The request conflicts with the present state of the resource.',
  413: 'The request body is too large.',
  415: 'The request body is of a type that this address does not read.',
  429: 'Too many requests.',
  500: 'An internal server error occurred.',
  503: 'The server cannot answer now. Try again later.',
}

/** @returns the reason phrase of a status: `'Not Found'`; `'Error'` for one without a name */
function titleOf(status: number): string {
  return STATUS_CODES[status] ?? 'Error'
}
