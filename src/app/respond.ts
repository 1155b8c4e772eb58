import { openFile } from '../http/file_reply.ts'
import { toHeaderValue } from '../http/headers.ts'
import {
  FileAnswer,
  ListReply,
  RawReply,
  Reply,
  type RawBody,
  type ReplyHeaders,
} from '../http/reply.ts'
import { toReadable } from '../http/stream.ts'
import type { RequestContext } from './context.ts'
import { ListText } from './list_text.ts'
import { Outgoing } from './outgoing.ts'
import type { Outputs } from './outputs.ts'

const JSON_TYPE = 'application/json; charset=utf-8'
const JSON_HEADERS: ReplyHeaders = Object.freeze({ 'content-type': JSON_TYPE })
const TEXT_HEADERS: ReplyHeaders = Object.freeze({ 'content-type': 'text/plain; charset=utf-8' })
const NO_HEADERS: ReplyHeaders = Object.freeze({})

/**
 * Turn what a handler, a middleware or an error handler returned into an answer that can be sent.
 *
 * @param outputs the schemas that apply; none for middleware and error handlers
 * @param status of a plain value where no schema says otherwise
 * @throws {DumpError} when the value does not fit its schema
 */
export function toOutgoing(
  c: RequestContext,
  value: unknown,
  outputs: Outputs | undefined,
  status = 200,
): Outgoing | Promise<Outgoing> {
  if (outputs?.dumper) {
    const plain = typeof value === 'object' && value !== null ? value.constructor : undefined
    if (plain === Object) return fromJSON(outputs.status, outputs.dumper.toJSON(value))
  }
  if (value instanceof Outgoing) return value
  if (value instanceof Reply) return fromBody(value.status, value.body, value.headers, outputs)
  if (value instanceof RawReply) return fromRaw(value)
  if (value instanceof FileAnswer) return fromFile(c, value)
  if (value instanceof ListReply) return fromList(value, outputs)
  if (value instanceof Response) return fromResponse(value)
  if (isTriple(value, outputs)) return fromBody(value[1], value[0], value[2], outputs)
  if (isStream(value)) return fromRaw(new RawReply(200, value))
  return fromBody(outputs?.byStatus ? outputs.status : status, value, undefined, outputs)
}

function fromBody(
  status: number,
  body: unknown,
  headers: ReplyHeaders | undefined,
  outputs: Outputs | undefined,
): Outgoing {
  const dumper = outputs?.byStatus && dumperFor(outputs.byStatus, status)
  if (dumper) return fromJSON(status, dumper.toJSON(body), headers)
  if (dumper === null || body === undefined)
    return new Outgoing(emptyStatus(status), safe(headers), null)
  if (typeof body === 'string') {
    return new Outgoing(status, { ...TEXT_HEADERS, ...safe(headers) }, body)
  }
  return fromJSON(status, JSON.stringify(body), headers)
}

function dumperFor(byStatus: NonNullable<Outputs['byStatus']>, status: number) {
  const dumper = byStatus.get(status)
  if (dumper !== undefined) return dumper
  const declared = [...byStatus.keys()].join(', ')
  throw new TypeError(`The handler answered ${status}; the contract's output declares ${declared}.`)
}

/** Nothing to say is 204, not an empty 200. */
function emptyStatus(status: number): number {
  return status === 200 ? 204 : status
}

function fromJSON(status: number, text: string, headers?: ReplyHeaders): Outgoing {
  return new Outgoing(
    status,
    headers ? { 'content-type': JSON_TYPE, ...safe(headers) } : JSON_HEADERS,
    text,
  )
}

function fromRaw({ status, headers, body }: RawReply): Outgoing {
  return new Outgoing(status, safe(headers), isStream(body) ? toReadable(body) : body)
}

function fromList({ status, items, headers }: ListReply, outputs: Outputs | undefined): Outgoing {
  const dumper = outputs?.items?.(status)
  if (outputs?.byStatus && !dumper) {
    throw new TypeError(
      `The handler answered a list with ${status}; the contract's output has none.`,
    )
  }
  const body = new ListText(items, dumper)
  return new Outgoing(status, { 'content-type': JSON_TYPE, ...safe(headers) }, body)
}

async function fromFile(c: RequestContext, { path, options }: FileAnswer): Promise<Outgoing> {
  const { status, headers, stream } = await openFile(path, {
    ...options,
    method: c.request.method,
    headers: c.request.headers,
  })
  return new Outgoing(status, safe(headers), stream ?? null)
}

function fromResponse(response: Response): Outgoing {
  const headers: Record<string, string | readonly string[]> = Object.fromEntries(response.headers)
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0) headers['set-cookie'] = cookies
  return new Outgoing(response.status, headers, response.body && toReadable(response.body))
}

/** `[body, status]` or `[body, status, headers]`, as Flask's views return them. */
function isTriple(value: unknown, outputs: Outputs | undefined): value is Triple {
  if (!Array.isArray(value) || value.length < 2 || value.length > 3) return false
  const [body, status, headers] = value
  if (!Number.isInteger(status) || status < 200 || status > 599) return false
  if (value.length === 3 && (typeof headers !== 'object' || headers === null)) return false
  return outputs?.isList ? Array.isArray(body) : typeof body !== 'number'
}

type Triple = readonly [body: unknown, status: number, headers?: ReplyHeaders]

function isStream(value: unknown): value is Exclude<RawBody, string | Uint8Array | null> {
  if (typeof value !== 'object' || value === null) return false
  return Symbol.asyncIterator in value || value instanceof ReadableStream
}

/** Header values that Node can send; input in them can start no header of its own. */
function safe(headers: ReplyHeaders | undefined): ReplyHeaders {
  if (!headers) return NO_HEADERS
  const made: Record<string, string | readonly string[]> = {}
  for (const name in headers) {
    const value = headers[name]
    if (value !== undefined) made[name.toLowerCase()] = safeValue(value)
  }
  return made
}

function safeValue(value: string | number | readonly string[]): string | readonly string[] {
  return typeof value === 'object' ? value.map(toHeaderValue) : toHeaderValue(String(value))
}
