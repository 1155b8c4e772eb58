import { toISOTime } from '../../lib/iso_time.ts'
import type { ColumnType, ColumnTypeName } from '../column_type.ts'
import { checkedBy, isInt64 } from '../column_value.ts'
import type { Storage } from '../dialect.ts'
import type { SQLValue } from '../driver.ts'
import { DataError } from '../errors.ts'
import { isStorableText } from '../storable_text.ts'
import { isStorableTime } from '../value_schemas.ts'

/** How PostgreSQL stores a column: all comes and goes as text. @param name for messages */
export function storageOf(name: string, type: ColumnType): Storage {
  switch (type.name) {
    case 'integer':
      return integerStorage(name)
    case 'bigint':
      return { ...plain(checkedBy<'bigint'>(name, type)), decode: toBigInt }
    case 'float':
      return { ...plain(checkedBy<'float'>(name, type)), decode: Number }
    case 'boolean': {
      const check = checkedBy<'boolean'>(name, type)
      return { ...plain((value) => String(check(value))), decode: toBoolean }
    }
    case 'datetime': {
      const check = checkedBy<'datetime'>(name, type)
      return { ...plain((value) => toISOTime(check(value))), decode: toDate }
    }
    case 'time':
      return { ...plain(checkedBy<'time'>(name, type)), decode: toTime }
    case 'json':
      return { ...plain(checkedBy<'json'>(name, type)), decode: fromJSON }
    case 'binary':
      return { ...plain(checkedBy<'binary'>(name, type)), decode: toBytes }
    default:
      return plain(checkedBy<PlainName>(name, type))
  }
}

type PlainName = Extract<
  ColumnTypeName,
  'decimal' | 'string' | 'text' | 'date' | 'uuid' | 'enumeration'
>

/** Compared as it is bound. */
function plain(bind: Storage['bind']): Storage {
  return { bind, compare: bind, decode: undefined }
}

function integerStorage(name: string): Storage {
  const bind = checkedBy<'integer'>(name, { name: 'integer' })
  return {
    bind,
    compare: (value, operator) =>
      typeof value === 'number' && !Number.isNaN(value) ? toWhole(value, operator) : bind(value),
    decode: toInteger,
  }
}

const MAX_INT64 = 2n ** 63n - 1n
/** A whole number that no `integer()` is. */
const NONE = -(2n ** 63n)

/** The whole number that compares as `value` does, as the parameter is a bigint of the server. */
function toWhole(value: number, operator: string | undefined): SQLValue {
  if (Number.isSafeInteger(value)) return value
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) return value > 0 ? MAX_INT64 : NONE
  if (operator === 'gt' || operator === 'lte') return Math.floor(value)
  if (operator === 'gte' || operator === 'lt') return Math.ceil(value)
  return NONE
}

// What the server answers is the text of the column's type.
/* oxlint-disable typescript/no-unsafe-type-assertion */
export const toBoolean = (stored: unknown): unknown => stored === 't'
const toBigInt = (stored: unknown): unknown => BigInt(stored as string)
export const fromJSON = (stored: unknown): unknown => JSON.parse(stored as string)
/** `18:30:00.25` as `18:30:00.250`. */
export const toTime = (stored: unknown): unknown =>
  (stored as string).replace(/\.\d{1,2}$/, (fraction) => fraction.padEnd(4, '0'))
/** `\x00ff` */
export const toBytes = (stored: unknown): unknown =>
  new Uint8Array(Buffer.from((stored as string).slice(2), 'hex'))

/** `2026-11-20 23:20:00.25+00` @throws {DataError} when it is `infinity`, or before the year 1 */
export function toDate(stored: unknown): Date {
  const text = stored as string
  const end = text.endsWith('+00') ? -3 : undefined
  const time = new Date(`${text.slice(0, 10)}T${text.slice(11, end)}Z`)
  if (!Number.isNaN(time.getTime())) return time
  throw new DataError('The database holds a time that is no Date.')
}

/** @throws {DataError} when it is beyond 2^53 */
function toInteger(stored: unknown): number {
  const value = Number(stored)
  if (Number.isSafeInteger(value)) return value
  throw new DataError('The database holds a number beyond 2^53: make the column a bigint().')
}

/** A whole number of a column that no model has. */
export function toNumber(stored: unknown): number | bigint {
  const value = Number(stored)
  return Number.isSafeInteger(value) ? value : BigInt(stored as string)
}
/* oxlint-enable typescript/no-unsafe-type-assertion */

/** What a value that did not come through a model is bound as. @throws {DataError} when PostgreSQL cannot hold it */
export function bindAny(value: unknown): SQLValue {
  if (value === null || value instanceof Uint8Array) return value
  if (isInt64(value)) return value
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'number' && !Number.isNaN(value)) return value
  if (typeof value === 'string' && isStorableText(value)) return value
  if (value instanceof Date && isStorableTime(value)) return toISOTime(value)
  throw new DataError('A value is of a kind that PostgreSQL cannot hold.')
}
