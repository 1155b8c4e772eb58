import type { Readable } from 'node:stream'
import type { ReplyHeaders } from '../http/reply.ts'
import type { ListText } from './list_text.ts'

/** An answer that is ready to be sent; what `next` gives to a middleware. */
export class Outgoing {
  readonly status: number
  readonly headers: ReplyHeaders
  readonly body: string | Uint8Array | Readable | ListText | null
  /** What was thrown, where this answers an error. */
  readonly error: unknown

  constructor(status: number, headers: ReplyHeaders, body: Outgoing['body'], error?: unknown) {
    this.status = status
    this.headers = headers
    this.body = body
    this.error = error
  }

  /** The same answer with more headers; the given ones win. */
  withHeaders(headers: ReplyHeaders): Outgoing {
    return new Outgoing(this.status, { ...this.headers, ...headers }, this.body, this.error)
  }
}
