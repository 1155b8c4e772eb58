import type { ExecuteValues } from 'mysql2'
import type { SQLValue } from '../driver.ts'
import { DataError } from '../errors.ts'
import type { Mysql2 } from './connect.ts'

/** A value as mysql2 takes it: whole numbers as such, as it would send them with a fraction, or as text. */
export function toParameter({ TypedParameter }: Mysql2, value: SQLValue): ExecuteValues {
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) && !Object.is(value, -0)
      ? TypedParameter.LONGLONG(value)
      : value
  }
  if (typeof value === 'bigint') return TypedParameter.LONGLONG(value)
  if (!(value instanceof Uint8Array) || Buffer.isBuffer(value)) return value
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
}

const MAX_BYTES_PER_UNIT = 3
const OVERHEAD_BYTES = 16

/**
 * Make sure that the server accepts a statement of this size; else it would end the connection.
 *
 * @throws {DataError} when it is larger
 */
export function checkSize(sql: string, values: readonly SQLValue[], maxBytes: number): void {
  let length = sql.length + OVERHEAD_BYTES
  for (const value of values) length += lengthOf(value)
  // Counted only where the length leaves a doubt.
  if (length * MAX_BYTES_PER_UNIT <= maxBytes) return
  let bytes = Buffer.byteLength(sql) + OVERHEAD_BYTES
  for (const value of values) bytes += OVERHEAD_BYTES + bytesOf(value)
  if (bytes <= maxBytes) return
  throw new DataError(`The values are larger than the ${maxBytes} bytes that the server accepts.`)
}

function lengthOf(value: SQLValue): number {
  if (typeof value === 'string' || value instanceof Uint8Array) return value.length + OVERHEAD_BYTES
  return OVERHEAD_BYTES
}

function bytesOf(value: SQLValue): number {
  if (typeof value === 'string') return Buffer.byteLength(value)
  return value instanceof Uint8Array ? value.byteLength : 0
}
