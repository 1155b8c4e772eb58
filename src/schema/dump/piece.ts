/**
 * The code that writes one value, as parts that the code around it puts together.
 *
 * All parts are JavaScript that reads the value from the variable `x`. Text from a schema gets into them through
 * {@link literal} or as a constant of the program, never as it is.
 */
export interface Piece {
  /** A statement that runs first, for defaults. */
  readonly prepare: string
  /** An expression that is false when the value does not fit; `''` when `text` finds that out. */
  readonly test: string
  /** An expression for the JSON text. */
  readonly text: string
  /** Whether `text` may be undefined, for a value that does not fit. */
  readonly fallible: boolean
  /** Whether undefined is right, and leaves the member out. */
  readonly absent: boolean
  /** The right values in words: `'a string'`. */
  readonly expected: string
}

/** @returns a piece that tests, then writes what cannot fail */
export function leaf(expected: string, test: string, text: string): Piece {
  return { prepare: '', test, text, fallible: false, absent: false, expected }
}

/** @returns a piece that calls `name`, which returns undefined for a value that does not fit */
export function call(expected: string, name: string, absent = false): Piece {
  return { prepare: '', test: '', text: `${name}(x)`, fallible: true, absent, expected }
}

/** Any value that JSON has a form for; undefined is left out. */
export const ANYTHING: Piece = { ...call('a JSON value', 'toAnyJSON'), absent: true }

/** @returns the same piece, which also writes null */
export function orNull(piece: Piece): Piece {
  return {
    ...piece,
    test: piece.test && `(x === null || ${piece.test})`,
    text: `(x === null ? 'null' : ${piece.text})`,
    expected: `${piece.expected} or null`,
  }
}

/** @returns the same piece, which may also be left out */
export function orAbsent(piece: Piece): Piece {
  return { ...piece, absent: true }
}

/** @returns JavaScript for a string, safe to put into code */
export function literal(text: string): string {
  return JSON.stringify(text)
}

/**
 * Statements that check `x` and give its text to `use`; they leave the function when it does not fit.
 *
 * @param key JavaScript for the step to `x`; none for the value itself
 */
export function write(
  piece: Piece,
  key: string | undefined,
  use: (text: string) => string,
): string {
  const { test, text, fallible, expected } = piece
  const step = key === undefined ? '' : `, ${key}`
  const check = test && `if (!${test}) return wrong(x, ${literal(expected)}${step})\n`
  if (!fallible) return `${check}${use(text)}\n`
  const leave = key === undefined ? 'return' : `return under(${key})`
  return `${check}t = ${text}\nif (t === undefined) ${leave}\n${use('t')}\n`
}
