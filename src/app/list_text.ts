import type { Dumper } from '../schema/dump.ts'

/** How much text is collected before it is sent. */
const PIECE_LENGTH = 16_384

/**
 * A JSON list as text, in pieces.
 *
 * @throws {DumpError} when an item does not fit its schema
 */
export async function* toListText(
  items: AsyncIterable<unknown>,
  dumper: Dumper | undefined,
): AsyncGenerator<string, void, undefined> {
  let piece = '['
  let separator = ''
  for await (const item of items) {
    piece += separator + (dumper ? dumper.toJSON(item) : JSON.stringify(item))
    separator = ','
    if (piece.length < PIECE_LENGTH) continue
    yield piece
    piece = ''
  }
  yield `${piece}]`
}
