import { IncomingMessage } from 'node:http'

/** RFC 3986 section 3.2.2, with a port. Empty is allowed. */
const HOST = /^(?:[\w.~!$&'()*+,;=%-]*|\[[\da-f:.]+\])(?::\d{0,5})?$/i

/** Nearly every request names the same host. */
let lastValidHost: string | undefined = undefined

/**
 * What is wrong with the head of a request that Node's parser lets pass, and that another server on the way may read
 * differently: that difference is how requests are smuggled (RFC 9112 sections 3.2, 6.1 and 11.2).
 *
 * @returns a sentence for the client; undefined when all is well
 */
export function headFault(request: IncomingMessage): string | undefined {
  const { headers } = request
  const { host } = headers
  if (host !== undefined && host !== lastValidHost) {
    if (!HOST.test(host)) return 'The Host header names no host.'
    lastValidHost = host
  }
  const coding = headers['transfer-encoding']
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') {
    return 'The only Transfer-Encoding is chunked.'
  }
  // HTTP/2 has a class of its own; this is one that only says so.
  if (request.httpVersionMajor !== 1 && request instanceof IncomingMessage) {
    return 'The version of HTTP is neither 1.0 nor 1.1.'
  }
  return hasTwoHosts(request.rawHeaders) ? 'There is more than one Host header.' : undefined
}

/** Node takes the first and drops the others. */
function hasTwoHosts(rawHeaders: readonly string[]): boolean {
  let count = 0
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!
    if (name.length === 4 && name.toLowerCase() === 'host') count++
  }
  return count > 1
}
