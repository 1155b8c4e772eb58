/** Looking for the place of an unexpected token parses the text a few times: only in texts up to this length. */
const MAX_SEARCHED_LENGTH = 8192

/**
 * Where a JSON text is malformed, in words that quote nothing of it.
 *
 * @param error what `JSON.parse(text)` threw
 */
export function malformedAt(text: string, error: unknown): string {
  const position = positionOf(text, error) ?? searchedPosition(text)
  if (position === undefined) return 'unexpected token'
  const before = text.slice(0, position)
  const line = before.split('\n').length
  const column = position - before.lastIndexOf('\n')
  const what = position >= text.length ? 'unexpected end' : 'error'
  return `${what} at position ${position} (line ${line}, column ${column})`
}

function positionOf(text: string, error: unknown): number | undefined {
  const message = error instanceof Error ? error.message : ''
  if (message.startsWith('Unexpected end')) return text.length
  // Other messages quote the text, which may say "at position 7" itself.
  if (message.startsWith('Unexpected token') || message.startsWith('"')) return undefined
  const found = / in JSON at position (\d+) \(line|at position (\d+)/.exec(message)
  return found ? Number(found[1] ?? found[2]) : undefined
}

/** V8 does not say where an unexpected token is. It is the last character of the shortest start that no more text can mend. */
function searchedPosition(text: string): number | undefined {
  if (text.length > MAX_SEARCHED_LENGTH) return undefined
  let mendable = 0
  let broken = text.length
  while (broken - mendable > 1) {
    const middle = (mendable + broken) >> 1
    if (isMendable(text.slice(0, middle))) mendable = middle
    else broken = middle
  }
  return mendable
}

function isMendable(start: string): boolean {
  try {
    JSON.parse(start)
    return true
  } catch (error) {
    return (positionOf(start, error) ?? -1) >= start.length
  }
}
