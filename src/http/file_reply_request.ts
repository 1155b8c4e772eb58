import type { IncomingHttpHeaders } from 'node:http'
import { Readable } from 'node:stream'

/** The part of a request that `@fastify/send` looks at, with its headers put so that its answers follow RFC 9110. */
export class SendableRequest extends Readable {
  readonly method: string
  readonly headers: IncomingHttpHeaders

  constructor(method: string, headers: IncomingHttpHeaders) {
    super()
    this.method = method
    this.headers = method === 'GET' || method === 'HEAD' ? conditions(headers) : {}
    if (method === 'GET') Object.assign(this.headers, ranges(headers))
  }

  /**
   * Make the range one that fits: `send` answers 416 where the RFC says to send it all.
   *
   * @param sizeBytes of the file
   */
  fitRange(sizeBytes: number): void {
    const suffix = SUFFIX_RANGE.exec(this.headers.range ?? '')
    if (suffix && Number(suffix[1]) > sizeBytes && sizeBytes > 0) this.headers.range = 'bytes=0-'
  }
}

const SUFFIX_RANGE = /^bytes=-(\d+)$/
const SINGLE_RANGE = /^bytes=(?:(\d+)-(\d*)|-\d+)$/

function conditions(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return pick(headers, [
    'cache-control',
    'if-match',
    'if-none-match',
    'if-modified-since',
    'if-unmodified-since',
  ])
}

/** A range for HEAD, several ranges and a malformed one are ignored (RFC 9110 section 14.2). */
function ranges(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const [range, first, last] = SINGLE_RANGE.exec(headers.range?.replaceAll(' ', '') ?? '') ?? []
  if (range === undefined || (last && Number(last) < Number(first))) return {}
  const ifRange = headers['if-range']
  if (typeof ifRange !== 'string') return { range }
  // Only a strong tag can be compared here (section 13.1.5), and those of `send` are written weak.
  if (ifRange.startsWith('W/')) return {}
  return { range, 'if-range': ifRange.startsWith('"') ? `W/${ifRange}` : ifRange }
}

function pick(headers: IncomingHttpHeaders, names: readonly string[]): IncomingHttpHeaders {
  const present = names.filter((name) => headers[name] !== undefined)
  return Object.fromEntries(present.map((name) => [name, headers[name]]))
}
