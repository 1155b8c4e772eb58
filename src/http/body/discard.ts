import type { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'

/** A body with more than this unread is not worth reading to keep a connection. */
const MAX_DRAINED_BYTES = 64 * 1024

/** How long, and for how many bytes, a refused client is listened to after its answer, so that it gets to read it. */
const LINGER_MS = 500
const MAX_LINGER_BYTES = 1024 * 1024

/**
 * How much of the body may still be on its way.
 *
 * @returns bytes, at most; `Infinity` where the client did not announce a length
 */
export function unreadBody(request: IncomingMessage): number {
  if (request.complete) return 0
  const { headers } = request
  const length = headers['content-length']
  if (length !== undefined) return Number(length)
  return headers['transfer-encoding'] === undefined ? 0 : Infinity
}

/**
 * Get rid of a body that nobody will read; call it before the answer is sent.
 *
 * A short rest is drained, and the connection stays. For a long one the answer says `Connection: close`, and the
 * connection ends within a second after the answer was sent. (Node by itself would read the whole rest, be it 200 MB.)
 *
 * @param isSlow the rest is not worth waiting for, however short
 */
export function discardBody(
  request: IncomingMessage,
  response: ServerResponse,
  isSlow = false,
): void {
  if (request.readableEnded || request.destroyed) return
  request.on('error', ignore)
  if (isSlow || unreadBody(request) > MAX_DRAINED_BYTES) closeAfterAnswer(request, response)
  else request.resume()
}

function closeAfterAnswer(request: IncomingMessage, response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close')
  const { socket } = request
  // An injected request has no connection; one of HTTP/2 is shared with others.
  if (!(socket instanceof Socket) || request.httpVersionMajor > 1) return
  // Node reads the whole rest of a body that nobody began to read.
  request.read(0)
  let lingers = false
  const lingerOnce = (): void => {
    if (lingers) return
    lingers = true
    linger(request, socket)
  }
  // Node closes the socket as soon as a last answer is written. Bytes that wait unread then make the kernel
  // reset the connection, and most clients lose the answer that they were sent.
  socket.destroySoon = lingerOnce
  response.once('finish', lingerOnce)
}

function linger(request: IncomingMessage, socket: Socket): void {
  const timer = setTimeout(() => socket.destroy(), LINGER_MS)
  socket.once('close', () => clearTimeout(timer))
  socket.end()
  let total = 0
  request.on('data', (chunk: Buffer) => {
    total += chunk.length
    if (total > MAX_LINGER_BYTES) request.pause()
  })
  // Nothing waits unread now: Node's own way will do, which sends what is left of the answer first.
  request.once('end', () => Socket.prototype.destroySoon.call(socket))
  request.resume()
}

function ignore(): void {}
