import { type Expression, sql } from 'kysely'
import { toISOTime } from '../../lib/iso_time.ts'
import type { ColumnType, ColumnTypeName, ColumnTypeOf } from '../column_type.ts'
import { checkedBy, isInt64 } from '../column_value.ts'
import type { Storage } from '../dialect.ts'
import type { SQLValue } from '../driver.ts'
import { DataError } from '../errors.ts'
import { isStorableText } from '../storable_text.ts'
import { isStorableTime } from '../value_schemas.ts'

/** How SQLite stores a column. @param name for messages */
export function storageOf(name: string, type: ColumnType): Storage {
  switch (type.name) {
    case 'integer':
      return integerStorage(name)
    case 'bigint':
      return { ...plain(checkedBy<'bigint'>(name, type)), decode: toBigInt, select: asText }
    case 'decimal':
      return decimalStorage(name, type)
    case 'boolean': {
      const check = checkedBy<'boolean'>(name, type)
      return { ...plain((value) => Number(check(value))), decode: (stored) => stored === 1 }
    }
    case 'datetime': {
      const check = checkedBy<'datetime'>(name, type)
      return { ...plain((value) => toISOTime(check(value))), decode: toDate }
    }
    case 'time':
      return timeStorage(name, type)
    case 'json':
      return { ...plain(checkedBy<'json'>(name, type)), decode: fromJSON }
    default:
      return plain(checkedBy<PlainName>(name, type))
  }
}

type PlainName = Exclude<
  ColumnTypeName,
  'integer' | 'bigint' | 'decimal' | 'boolean' | 'datetime' | 'time' | 'json'
>

/** Stored as it is bound, and compared the same way. */
function plain(bind: Storage['bind']): Storage {
  return { bind, compare: bind, decode: undefined }
}

/** Any number may be compared: none that is out of range is there. */
function integerStorage(name: string): Storage {
  const bind = checkedBy<'integer'>(name, { name: 'integer' })
  return { bind, compare: (value) => (isNumber(value) ? value : bind(value)), decode: undefined }
}

/** A whole number of the smallest unit, so that order and sums are exact. */
function decimalStorage(name: string, type: ColumnTypeOf<'decimal'>): Storage {
  const check = checkedBy<'decimal'>(name, type)
  return {
    ...plain((value) => BigInt(check(value).replace('.', ''))),
    // Text where it is selected as such, a number in raw SQL.
    decode: (stored) => fromScaled(String(stored), type.scale),
    select: asText,
    unitsPerWhole: 10 ** type.scale,
  }
}

/** `'-5'` with two decimals as `'-0.05'`. */
function fromScaled(units: string, scale: number): string {
  if (scale === 0) return units
  const sign = units.startsWith('-') ? '-' : ''
  const digits = units.slice(sign.length).padStart(scale + 1, '0')
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

/** Stored with milliseconds always, so that text sorts as time does. */
function timeStorage(name: string, type: ColumnTypeOf<'time'>): Storage {
  const check = checkedBy<'time'>(name, type)
  return {
    ...plain((value) => {
      const time = check(value)
      return time.includes('.') ? time : `${time}.000`
    }),
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the table is strict: it holds text
    decode: (stored) => (stored as string).replace(/\.000$/, ''),
  }
}

// The tables are strict: what is stored is of the column's type.
/* oxlint-disable typescript/no-unsafe-type-assertion */
const toBigInt = (stored: unknown): unknown => BigInt(stored as string)
const toDate = (stored: unknown): unknown => new Date(stored as string)
const fromJSON = (stored: unknown): unknown => JSON.parse(stored as string)
/* oxlint-enable typescript/no-unsafe-type-assertion */

/** node:sqlite refuses whole numbers beyond 2^53. */
function asText(column: Expression<unknown>): Expression<unknown> {
  return sql`cast(${column} as text)`
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && !Number.isNaN(value)
}

/** What a value that did not come through a model is bound as. @throws {DataError} when SQLite cannot hold it */
export function bindAny(value: unknown): SQLValue {
  if (value === null || value instanceof Uint8Array) return value
  if (isInt64(value)) return value
  if (typeof value === 'boolean') return Number(value)
  if (isNumber(value)) return value
  if (typeof value === 'string' && isStorableText(value)) return value
  if (value instanceof Date && isStorableTime(value)) return value.toISOString()
  throw new DataError('A value is of a kind that SQLite cannot hold.')
}
