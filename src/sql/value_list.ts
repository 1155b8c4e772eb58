import type { Dialect } from './dialect.ts'
import type { SQLValue } from './driver.ts'

/** Lists up to here are bound value by value, where the database does not say otherwise. */
const MAX_BOUND = 64

/**
 * How many values a list of this length is bound as: filled up to a power of two, so that few statements
 * serve all lengths. A long one is bound as one value, its JSON.
 */
export function paddedSize(length: number, { features }: Dialect): number | 'json' {
  if (length > (features.maxBoundList ?? MAX_BOUND)) return 'json'
  return length === 0 ? 0 : 2 ** Math.ceil(Math.log2(length))
}

/** Bind a list in the form that {@link paddedSize} says. @throws {TypeError} when it is long, and of bytes */
export function pushList(values: SQLValue[], list: readonly SQLValue[], dialect: Dialect): void {
  const size = paddedSize(list.length, dialect)
  if (size === 'json') return void values.push(toJSON(list))
  for (let i = 0; i < size; i++) values.push(list[Math.min(i, list.length - 1)]!)
}

function toJSON(list: readonly SQLValue[]): string {
  if (list.every(isPlain)) return JSON.stringify(list)
  return `[${list.map(toText).join()}]`
}

function isPlain(value: SQLValue): boolean {
  return typeof value === 'number' || typeof value === 'string'
}

function toText(value: SQLValue): string {
  if (value instanceof Uint8Array) throw new TypeError('A list of bytes may not be this long.')
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value)
}
