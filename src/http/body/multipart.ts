import { Dicer } from '@fastify/busboy'
import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { BadRequest } from '../errors.ts'
import { ClientGone } from './client_gone.ts'
import { tooManyPieces, watchPace } from './pace.ts'
import { parsePartHeader, type PartHeader } from './part_header.ts'
import { bodyTooLarge } from './read_bytes.ts'

export interface SplitOptions {
  boundary: string
  /** The longest body that is read, all parts and what is between them. */
  maxBytes: number
  /** Header lines of one part. */
  maxHeaderPairs: number
  /** Stops the reading when it is aborted, with its reason. */
  signal: AbortSignal
  /** Of every such period, 1 KiB must come. Default 15 s. */
  periodMs?: number | undefined
  /** Must read the part to its end: the next one waits for that. What it throws stops the reading. */
  onPart: (part: Readable, header: PartHeader) => void
}

/**
 * Read a multipart body and hand out its parts.
 *
 * @throws {BadRequest} when it is malformed or ends too early, or a part has no name
 * @throws {PayloadTooLarge} when it is longer than `maxBytes`
 * @throws {HTTPError} 408 when it trickles in
 * @throws {ClientGone} when the connection ends before the body does
 */
export function splitParts(request: IncomingMessage, options: SplitOptions): Promise<void> {
  return new Promise((resolve, reject) => new Splitter(request, options, resolve, reject))
}

/** Header bytes of one part; what comes after them is not looked at. */
const MAX_HEADER_BYTES = 16 * 1024

class Splitter {
  readonly #request: IncomingMessage
  readonly #options: SplitOptions
  readonly #dicer: Dicer
  readonly #resolve: () => void
  readonly #reject: (error: unknown) => void
  readonly #pace: NodeJS.Timeout
  #totalBytes = 0
  #pieces = 0
  /** Parts whose headers are not complete. Dicer says nothing when they never are. */
  #headless = 0
  #isParsed = false
  #isEnded = false
  #isSettled = false

  constructor(
    request: IncomingMessage,
    options: SplitOptions,
    resolve: () => void,
    reject: (error: unknown) => void,
  ) {
    const { boundary, maxHeaderPairs, signal } = options
    const config = { boundary, maxHeaderPairs, maxHeaderSize: MAX_HEADER_BYTES }
    this.#request = request
    this.#options = options
    this.#resolve = resolve
    this.#reject = reject
    const fail = (error: unknown): void => this.#fail(error)
    this.#pace = watchPace(request, () => this.#totalBytes, fail, options.periodMs)
    this.#dicer = new Dicer(config)
      .on('part', (part) => this.#guard(() => this.#takePart(part)))
      .on('error', (cause) => this.#fail(malformed(cause)))
      .on('finish', () => this.#onParsed())
    request.on('data', this.#onData)
    request.on('end', this.#onEnd)
    request.on('error', this.#onGone)
    request.on('close', this.#onGone)
    if (signal.aborted) this.#onAbort()
    else signal.addEventListener('abort', this.#onAbort, { once: true })
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#totalBytes += chunk.length
    const fault = tooManyPieces(++this.#pieces, this.#totalBytes)
    if (fault) return this.#fail(fault)
    if (this.#totalBytes > this.#options.maxBytes) {
      return this.#fail(bodyTooLarge(this.#options.maxBytes))
    }
    // What follows the last boundary is read and ignored (RFC 2046 section 5.1.1).
    if (this.#isParsed) return
    // One chunk at a time, so that a slow disk stops the client, and all parsing happens inside this guard.
    this.#request.pause()
    this.#guard(() => this.#dicer.write(chunk, this.#onWritten))
  }

  readonly #onWritten = (): void => {
    if (!this.#isSettled) this.#request.resume()
  }

  readonly #onEnd = (): void => {
    this.#isEnded = true
    if (this.#isParsed) this.#succeed()
    else this.#guard(() => this.#dicer.end())
  }

  readonly #onGone = (cause?: Error): void => {
    if (!this.#request.readableEnded) this.#fail(new ClientGone({ cause }))
  }

  readonly #onAbort = (): void => this.#fail(this.#options.signal.reason)

  #onParsed(): void {
    this.#isParsed = true
    if (this.#headless > 0) this.#fail(malformed())
    else if (this.#isEnded) this.#succeed()
    else this.#onWritten()
  }

  #takePart(part: Readable): void {
    if (this.#isSettled) return
    // Millions of boundaries with nothing between them would be worth minutes of work.
    if (this.#headless > 0) return this.#fail(malformed())
    this.#headless++
    // Repeats what the parser itself says.
    part.on('error', ignore)
    part.once('header', (headers: Record<string, string[]>) => {
      this.#headless--
      const header = parsePartHeader(headers)
      this.#guard(() => {
        if (!header) throw new BadRequest('A part of the multipart form has no name.')
        this.#options.onPart(part, header)
      })
    })
  }

  #guard(parse: () => void): void {
    if (this.#isSettled) return
    try {
      parse()
    } catch (error) {
      this.#fail(error)
    }
  }

  #succeed(): void {
    this.#settle()
    this.#resolve()
  }

  #fail(error: unknown): void {
    if (this.#isSettled) return
    this.#settle()
    this.#request.pause()
    this.#reject(error)
  }

  // The request's listeners for 'error' and 'close' stay: a later reset of the connection would be thrown.
  #settle(): void {
    this.#isSettled = true
    clearInterval(this.#pace)
    this.#request.off('data', this.#onData)
    this.#request.off('end', this.#onEnd)
    this.#options.signal.removeEventListener('abort', this.#onAbort)
  }
}

function malformed(cause?: Error): BadRequest {
  return new BadRequest('The multipart form is malformed, or ends too early.', { cause })
}

function ignore(): void {}
