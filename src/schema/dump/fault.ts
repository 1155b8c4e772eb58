import { DumpError, toPathText, type Step } from './dump_error.ts'

/** What does not fit, while it is carried from where it was found to the caller of the dumper. */
export interface Fault {
  /** From the inside out. */
  readonly path: Step[]
  readonly expected: string
  readonly value: unknown
  readonly cause?: unknown
}

/**
 * Generated code returns undefined for "does not fit" and leaves the reason here, because an exception for each
 * option of a union that does not fit would cost more than the whole dump.
 */
let last: Fault = { path: [], expected: '', value: undefined }

/** Say that `value` does not fit. */
export function wrong(value: unknown, expected: string, key?: Step): undefined {
  last = { path: key === undefined ? [] : [key], expected, value }
}

/** The same for a value that made code throw. */
export function broken(value: unknown, expected: string, cause: unknown): undefined {
  last = { path: [], expected, value, cause }
}

/** Say that the last fault was found inside the member `key`. */
export function under(key: Step): undefined {
  last.path.push(key)
}

/** @returns of two faults the one that was found deeper, which is of the option that was meant */
export function deeper(other: Fault | undefined): Fault {
  return other && other.path.length >= last.path.length ? other : last
}

/** Say that no option of a union fits. */
export function noneFits(value: unknown, expected: string, deepest: Fault | undefined): undefined {
  if (deepest && deepest.path.length > 0) last = deepest
  else wrong(value, expected)
}

/** @returns the last fault as an error */
export function toDumpError(label: string): DumpError {
  const { expected, value, cause } = last
  const path = last.path.toReversed()
  last = { path: [], expected: '', value: undefined }
  const place = path.length === 0 ? 'the value' : toPathText(path)
  const message = `${label}: ${place}: expected ${expected}, got ${describe(value)}.`
  return new DumpError(message, path, cause === undefined ? undefined : { cause })
}

/** Never shows text, which may be secret. */
function describe(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'string') return 'a string'
  if (typeof value === 'bigint') return `the bigint ${String(value).slice(0, 40)}`
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return `${value}`
  return typeof value === 'object' ? describeObject(value) : `a ${typeof value}`
}

function describeObject(value: object): string {
  if (Array.isArray(value)) return 'a list'
  if (value instanceof Promise) return 'a Promise (is an await missing?)'
  if (value instanceof Date && Number.isNaN(value.getTime())) return 'an invalid Date'
  const name: unknown = Object.getPrototypeOf(value)?.constructor?.name
  return typeof name === 'string' && name !== 'Object' && name !== '' ? `a ${name}` : 'an object'
}
