import type { ColumnType, ColumnTypeName, ColumnTypeOf } from '../column_type.ts'
import { checkedBy, isInt64 } from '../column_value.ts'
import type { Storage } from '../dialect.ts'
import type { SQLValue } from '../driver.ts'
import { DataError } from '../errors.ts'
import { isStorableText } from '../storable_text.ts'
import { isStorableTime, toTime } from '../value_schemas.ts'

/** How MariaDB stores a column. @param name for messages */
export function storageOf(name: string, type: ColumnType): Storage {
  switch (type.name) {
    case 'integer':
      return integerStorage(name, type)
    case 'bigint':
      return { ...plain(checkedBy<'bigint'>(name, type)), decode: toBigInt }
    case 'boolean': {
      const check = checkedBy<'boolean'>(name, type)
      return { ...plain((value) => Number(check(value))), decode: (stored) => stored === 1 }
    }
    case 'datetime': {
      const check = checkedBy<'datetime'>(name, type)
      return { ...plain((value) => fromDate(check(value))), decode: toDate }
    }
    case 'time':
      return { ...plain(checkedBy<'time'>(name, type)), decode: toTimeOfDay }
    case 'json':
      return { ...plain(checkedBy<'json'>(name, type)), decode: fromJSON }
    case 'binary':
      return { ...plain(checkedBy<'binary'>(name, type)), decode: toBytes }
    default:
      return plain(checkedBy<PlainName>(name, type))
  }
}

type PlainName = Exclude<
  ColumnTypeName,
  'integer' | 'bigint' | 'boolean' | 'datetime' | 'time' | 'json' | 'binary'
>

/** Stored as it is bound, and compared the same way. */
function plain(bind: Storage['bind']): Storage {
  return { bind, compare: bind, decode: undefined }
}

/** Any number may be compared: none that is out of range is there. */
function integerStorage(name: string, type: ColumnTypeOf<'integer'>): Storage {
  const bind = checkedBy<'integer'>(name, type)
  return { bind, compare: (value) => (isNumber(value) ? value : bind(value)), decode: undefined }
}

/** `2026-11-20 23:20:00.000`, in UTC as the session is. */
function fromDate(value: Date): string {
  return value.toISOString().slice(0, -1).replace('T', ' ')
}

// What is stored is of the column's type, and mysql2 was told which form to give it.
/* oxlint-disable typescript/no-unsafe-type-assertion */
const toBigInt = (stored: unknown): unknown => BigInt(stored as number | string)
const toDate = (stored: unknown): unknown => new Date(`${stored as string}Z`.replace(' ', 'T'))
const toTimeOfDay = (stored: unknown): unknown => toTime(stored as string)
const fromJSON = (stored: unknown): unknown => JSON.parse(stored as string)
const toBytes = (stored: unknown): unknown => new Uint8Array(stored as Uint8Array)
/* oxlint-enable typescript/no-unsafe-type-assertion */

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && !Number.isNaN(value)
}

/** What a value that did not come through a model is bound as. @throws {DataError} when MariaDB cannot hold it */
export function bindAny(value: unknown): SQLValue {
  if (value === null || value instanceof Uint8Array) return value
  if (isInt64(value)) return value
  if (typeof value === 'boolean') return Number(value)
  if (isNumber(value)) return value
  if (typeof value === 'string' && isStorableText(value)) return value
  if (value instanceof Date && isStorableTime(value)) return fromDate(value)
  throw new DataError('A value is of a kind that MariaDB cannot hold.')
}
