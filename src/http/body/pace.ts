import type { IncomingMessage } from 'node:http'
import { BadRequest, HTTPError } from '../errors.ts'

/** What must come of a body in every period: slower is no network, but somebody who holds a place. */
const MIN_BYTES = 1024
const PERIOD_MS = 15_000

/**
 * Give up on a body that trickles in.
 *
 * @param onSlow hears of it, once, with the 408
 * @param periodMs in which {@link MIN_BYTES} must come
 * @returns the timer, to be cleared when the body is complete
 */
export function watchPace(
  request: IncomingMessage,
  receivedBytes: () => number,
  onSlow: (error: HTTPError) => void,
  periodMs: number = PERIOD_MS,
): NodeJS.Timeout {
  let earlierBytes = 0
  const timer = setInterval(() => {
    const bytes = receivedBytes()
    // Paused is what we are ourselves, while the disk takes the last piece.
    const isSlow = bytes - earlierBytes < MIN_BYTES && !request.isPaused()
    earlierBytes = bytes
    if (!isSlow) return
    clearInterval(timer)
    onSlow(new HTTPError(408, 'The request body came too slowly.'))
  }, periodMs)
  return timer
}

/** So many pieces may be as small as they like. */
const FREE_PIECES = 10_000
const MIN_MEAN_BYTES = 64

/**
 * What is wrong with a body in pieces of a few bytes: each costs a hundred times what it weighs, in time and in memory.
 *
 * @param pieces that have come, `bytes` in all
 * @returns undefined as long as they are large enough
 */
export function tooManyPieces(pieces: number, bytes: number): BadRequest | undefined {
  if (pieces <= FREE_PIECES || bytes >= pieces * MIN_MEAN_BYTES) return undefined
  return new BadRequest('The request body comes in too many small pieces.')
}
