import type { FileOptions as OpenOptions } from './file_reply.ts'
import { encodeLocation } from './headers.ts'

/** Headers of an answer; a list is sent as several lines, as `set-cookie` needs. */
export type ReplyHeaders = Readonly<Record<string, string | number | readonly string[]>>

/** A handler's answer whose body still passes through the route's output schema. */
export class Reply<const Status extends number = number, Body = unknown> {
  readonly status: Status
  readonly body: Body
  readonly headers: ReplyHeaders | undefined

  constructor(status: Status, body: Body, headers?: ReplyHeaders) {
    this.status = status
    this.body = body
    this.headers = headers
  }
}

/** What a raw answer may carry: text, bytes, nothing, or a stream that is sent with back-pressure. */
export type RawBody =
  | string
  | Uint8Array
  | null
  | NodeJS.ReadableStream
  | ReadableStream
  | AsyncIterable<string | Uint8Array>

/** A handler's answer whose body is sent as it is; no output schema applies. */
export class RawReply {
  readonly status: number
  readonly body: RawBody
  readonly headers: ReplyHeaders | undefined

  constructor(status: number, body: RawBody, headers?: ReplyHeaders) {
    this.status = status
    this.body = body
    this.headers = headers
  }
}

/** A list that is written while its items come; each passes through the route's output schema. */
export class ListReply<const Status extends number = number, Item = unknown> {
  readonly status: Status
  readonly items: AsyncIterable<Item>
  readonly headers: ReplyHeaders | undefined

  constructor(status: Status, items: AsyncIterable<Item>, headers?: ReplyHeaders) {
    this.status = status
    this.items = items
    this.headers = headers
  }
}

/** How a file is sent. */
export type FileOptions = Omit<OpenOptions, 'method' | 'headers'>

/** A file to send; opened by the app, which knows the request's conditions and ranges. */
export class FileAnswer {
  readonly path: string
  readonly options: FileOptions

  constructor(path: string, options: FileOptions) {
    this.path = path
    this.options = options
  }
}

/** Any status with a body that fits the route's output: `reply(207, results)`. */
export function reply<const S extends number, const B>(
  status: S,
  body: B,
  headers?: ReplyHeaders,
): Reply<S, B> {
  return new Reply(status, body, headers)
}

/** 201 with the created resource, and its address in `Location`. */
export function created<const B>(
  body: B,
  location?: string,
  headers?: ReplyHeaders,
): Reply<201, B> {
  return new Reply(201, body, withLocation(location, headers))
}

/** 202: the work goes on; `location` is where its state can be asked for. */
export function accepted<const B>(
  body: B,
  location?: string,
  headers?: ReplyHeaders,
): Reply<202, B> {
  return new Reply(202, body, withLocation(location, headers))
}

/** 204, without a body. */
export function noContent(headers?: ReplyHeaders): RawReply {
  return new RawReply(204, null, headers)
}

/**
 * Send the client elsewhere.
 *
 * `location` is percent-encoded where it must be, so that text from a request cannot start a new header.
 * It may lead to another site: check where it leads before passing on what a client sent.
 *
 * @param status 301, 302 (default), 303, 307 or 308
 */
export function redirect(location: string, status: 301 | 302 | 303 | 307 | 308 = 302): RawReply {
  return new RawReply(status, null, { location: encodeLocation(location) })
}

/** HTML as UTF-8. The caller escapes what comes from people; template engines do. */
export function html(content: string, status = 200, headers?: ReplyHeaders): RawReply {
  return new RawReply(status, content, { 'content-type': 'text/html; charset=utf-8', ...headers })
}

/** Plain text as UTF-8. */
export function text(content: string, status = 200, headers?: ReplyHeaders): RawReply {
  return new RawReply(status, content, { 'content-type': 'text/plain; charset=utf-8', ...headers })
}

/** A stream, sent with back-pressure; its source is closed when the client goes away. */
export function stream(
  source: Exclude<RawBody, string | null>,
  headers?: ReplyHeaders,
  status = 200,
): RawReply {
  return new RawReply(status, source, headers)
}

/**
 * A JSON list of any length, in constant memory: `jsonList(db.find(Order).stream())`.
 *
 * What was written before is committed before the first item is asked for. A short list is answered whole; in a longer one
 * an error ends the connection, so that no client takes a part for the whole.
 */
export function jsonList<Item>(
  items: AsyncIterable<Item>,
  headers?: ReplyHeaders,
): ListReply<200, Item> {
  return new ListReply(200, items, headers)
}

/**
 * A file, with ranges, conditional requests and a type by its extension.
 *
 * Where any part of `path` comes from a request, give `root`: nothing outside it is ever sent.
 */
export function file(path: string, options: FileOptions = {}): FileAnswer {
  return new FileAnswer(path, options)
}

function withLocation(
  location: string | undefined,
  headers?: ReplyHeaders,
): ReplyHeaders | undefined {
  return location === undefined ? headers : { location: encodeLocation(location), ...headers }
}
