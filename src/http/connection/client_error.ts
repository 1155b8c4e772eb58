import { STATUS_CODES } from 'node:http'
import { Socket } from 'node:net'
import { answerInFlight } from './answer_in_flight.ts'

/** Long enough for the answer to be read; what is still sent meanwhile is thrown away. */
const LINGER_MS = 500
const MAX_LINGER_BYTES = 1024 * 1024

const refused = new WeakSet<Socket>()

/**
 * Answer what is no HTTP request, or came too slowly, with the least that can be said, and end the connection.
 *
 * @param error what Node's parser, or its check of connections, found
 */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (refused.has(socket)) return
  refused.add(socket)
  refuse(error, socket)
}

function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const answer = answerInFlight(socket)
  // A pipelined request before this one is still being answered, and the client would take ours for its answer.
  if (answer?.req.complete) return void answer.once('finish', () => refuse(error, socket))
  if (answer?.headersSent) return void socket.destroy()
  socket.end(refusalOf(error.code))
  linger(socket)
}

/** Bytes that wait unread when a socket is closed make the kernel reset it, and the client loses the answer. */
function linger(socket: Socket): void {
  const startBytes = socket.bytesRead
  // Away from Node's parser, which would still serve what comes after a slow request.
  socket.removeAllListeners('data')
  socket.on('data', () => {
    if (socket.bytesRead - startBytes > MAX_LINGER_BYTES) socket.destroy()
  })
  socket.resume()
  const timer = setTimeout(() => socket.destroy(), LINGER_MS)
  socket.once('close', () => clearTimeout(timer))
}

function refusalOf(code: string | undefined): string {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return REFUSALS.slow
  if (code === 'HPE_HEADER_OVERFLOW') return REFUSALS.longHead
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return REFUSALS.longExtensions
  return REFUSALS.malformed
}

const REFUSALS = {
  malformed: refusal(400, 'bad_request', 'This is no valid HTTP/1.1 request.'),
  slow: refusal(408, 'request_timeout', 'The request took too long to arrive.'),
  longExtensions: refusal(413, 'payload_too_large', 'The chunk extensions are too long.'),
  longHead: refusal(431, 'headers_too_large', 'The request line and headers are too long.'),
}

function refusal(status: number, code: string, detail: string): string {
  const title = STATUS_CODES[status] ?? ''
  const body = JSON.stringify({ type: 'about:blank', title, status, detail, code })
  return (
    `HTTP/1.1 ${status} ${title}\r\nconnection: close\r\n` +
    `content-type: application/problem+json; charset=utf-8\r\ncontent-length: ${body.length}\r\n\r\n${body}`
  )
}
