import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { ReadableStream } from 'node:stream/web'
import { setImmediate as nextTurn } from 'node:timers/promises'

/** What a streaming answer may be made of. */
export type StreamSource =
  | Readable
  | ReadableStream<Uint8Array>
  | AsyncIterable<string | Uint8Array>
  | Iterable<string | Uint8Array>

/**
 * A Node stream of `source`, which is read no faster than the client reads.
 *
 * Destroying it releases the source: `return()` of a generator, `cancel()` of a web stream. It
 * fails with a `TypeError` when the source gives anything but text and bytes.
 */
export function toReadable(source: StreamSource): Readable {
  if (source instanceof Readable) return source
  if (source instanceof ReadableStream) return Readable.fromWeb(source)
  return Readable.from(inTurns(source), { objectMode: false })
}

const TURN_BYTES = 65_536

/**
 * Let others have their turn after every 64 KiB.
 *
 * As long as the kernel takes what is written, and it takes megabytes, Node goes from one piece to the next without
 * looking at any other connection: 200 clients that asked for a large answer stopped all others for two seconds.
 */
async function* inTurns(
  source: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
): AsyncGenerator<string | Uint8Array> {
  let turnBytes = 0
  for await (const piece of source) {
    yield piece
    turnBytes += piece.length
    if (turnBytes < TURN_BYTES) continue
    turnBytes = 0
    await nextTurn()
  }
}

/**
 * Send a stream as the rest of an answer.
 *
 * When the source fails, or stops without an end, the connection is destroyed, so that the client
 * never takes a part for the whole. When the client goes away, the source is destroyed.
 *
 * @param onError hears what the source threw
 */
export function sendReadable(
  readable: Readable,
  response: ServerResponse,
  onError: (error: Error) => void,
): void {
  readable.on('error', onError)
  readable.once('close', () => {
    if (!readable.readableEnded) response.destroy()
  })
  if (response.destroyed) return void readable.destroy()
  response.once('close', () => readable.destroy())
  readable.pipe(response)
}
