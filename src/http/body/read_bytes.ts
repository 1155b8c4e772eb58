import type { IncomingMessage } from 'node:http'
import { PayloadTooLarge, UnsupportedMediaType } from '../errors.ts'
import { ClientGone } from './client_gone.ts'
import { tooManyPieces, watchPace } from './pace.ts'

export interface ReadOptions {
  /** The longest body that is read. */
  maxBytes: number
  /** Gives up when it is aborted, with its reason. */
  signal?: AbortSignal | undefined
  /** Of every such period, 1 KiB must come. Default 15 s. */
  periodMs?: number | undefined
}

/**
 * Read the body of a request into memory; empty when there is none.
 *
 * Nothing is read of a body whose announced length is too large.
 *
 * @throws {PayloadTooLarge} when the body is longer than `maxBytes`
 * @throws {BadRequest} when it comes in tens of thousands of tiny pieces
 * @throws {UnsupportedMediaType} when the body is compressed
 * @throws {HTTPError} 408 when it trickles in
 * @throws {ClientGone} when the connection ends before the body does
 */
export function readBytes(request: IncomingMessage, options: ReadOptions): Promise<Buffer> {
  try {
    requireReadable(request, options.maxBytes)
  } catch (error) {
    return Promise.reject(error)
  }
  return hasBody(request) ? collect(request, options) : Promise.resolve(EMPTY)
}

/** Whether the request announces a body. HTTP/2 announces nothing, so it may always have one. */
export function hasBody(request: IncomingMessage): boolean {
  const { headers } = request
  const length = headers['content-length']
  if (length !== undefined) return length !== '0'
  return headers['transfer-encoding'] !== undefined || request.httpVersionMajor > 1
}

/**
 * Refuse a body that cannot be read, before any of it is.
 *
 * Compressed bodies are refused: 20 KB of gzip can be 20 MB of zeros, and few clients of an API compress.
 */
export function requireReadable(request: IncomingMessage, maxBytes: number): void {
  const { headers } = request
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new UnsupportedMediaType('The request body must not be compressed.', {
      headers: { 'accept-encoding': 'identity' },
    })
  }
  if (Number(headers['content-length']) > maxBytes) throw bodyTooLarge(maxBytes)
  if (!hasBody(request)) return
  if (request.readableEnded) throw new Error('The body of this request was read already.')
  if (request.destroyed) throw new ClientGone()
}

export function bodyTooLarge(maxBytes: number): PayloadTooLarge {
  return new PayloadTooLarge(`The request body is larger than ${maxBytes} bytes.`)
}

const EMPTY = Buffer.alloc(0)

function collect(
  request: IncomingMessage,
  { maxBytes, signal, periodMs }: ReadOptions,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let first: Buffer | undefined
    let rest: Buffer[] | undefined
    let total = 0
    const pace = watchPace(request, () => total, fail, periodMs)

    function onData(chunk: Buffer): void {
      total += chunk.length
      if (total > maxBytes) return fail(bodyTooLarge(maxBytes))
      if (first === undefined) {
        first = chunk
        return
      }
      rest ??= [first]
      const fault = tooManyPieces(rest.push(chunk), total)
      if (fault) fail(fault)
    }

    function onEnd(): void {
      clearInterval(pace)
      signal?.removeEventListener('abort', onAbort)
      resolve(rest === undefined ? (first ?? EMPTY) : Buffer.concat(rest, total))
    }

    function onGone(cause?: Error): void {
      if (!request.readableEnded) fail(new ClientGone({ cause }))
    }

    function onAbort(): void {
      fail(signal?.reason)
    }

    // The listeners for 'error' and 'close' stay: without them a later reset of the connection would be thrown.
    function fail(error: unknown): void {
      clearInterval(pace)
      request.off('data', onData)
      request.off('end', onEnd)
      signal?.removeEventListener('abort', onAbort)
      request.pause()
      reject(error)
    }

    request.on('data', onData)
    request.on('end', onEnd)
    request.on('error', onGone)
    request.on('close', onGone)
    if (signal?.aborted) onAbort()
    else signal?.addEventListener('abort', onAbort, { once: true })
  })
}
