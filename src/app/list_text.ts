import { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Dumper } from '../schema/dump.ts'

/** How much text is collected before it is sent. */
const PIECE_LENGTH = 16_384
/** After how many pieces others have their turn. */
const TURN_PIECES = 4

/** Pieces of text; the last one is returned. */
type Pieces = AsyncGenerator<string, string, undefined>

/** A JSON list as text. No item is asked for before it is opened. */
export class ListText {
  readonly #pieces: Pieces

  constructor(items: AsyncIterable<unknown>, dumper: Dumper | undefined) {
    this.#pieces = toPieces(items, dumper)
  }

  /**
   * All of it where it is short, which costs a fraction of a stream; else a stream.
   *
   * @throws {DumpError} when one of the first items does not fit its schema
   */
  async open(): Promise<string | Readable> {
    const { value, done } = await this.#pieces.next()
    return done ? value : new PieceStream(value, this.#pieces)
  }
}

async function* toPieces(items: AsyncIterable<unknown>, dumper: Dumper | undefined): Pieces {
  let piece = '['
  let separator = ''
  for await (const item of items) {
    piece += separator + (dumper ? dumper.toJSON(item) : JSON.stringify(item))
    separator = ','
    if (piece.length < PIECE_LENGTH) continue
    yield piece
    piece = ''
  }
  return `${piece}]`
}

/** What has begun, and the rest; destroyed, it ends the rest even where nobody has read from it. */
class PieceStream extends Readable {
  readonly #rest: Pieces
  #sent = 0

  constructor(first: string, rest: Pieces) {
    super()
    this.#rest = rest
    this.push(first)
  }

  override _read(): void {
    this.#next().catch((error: unknown) => this.destroy(toError(error)))
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    // oxlint-disable promise/no-callback-in-promise, promise/no-promise-in-callback -- a stream of Node is told by a callback
    this.#rest.return('').then(
      () => done(error),
      (failure: unknown) => done(error ?? toError(failure)),
    )
    // oxlint-enable promise/no-callback-in-promise, promise/no-promise-in-callback
  }

  async #next(): Promise<void> {
    if (++this.#sent % TURN_PIECES === 0) await nextTurn()
    const { value, done } = await this.#rest.next()
    if (this.destroyed) return
    this.push(value)
    if (done) this.push(null)
  }
}

function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error('The list failed.', { cause: thrown })
}
