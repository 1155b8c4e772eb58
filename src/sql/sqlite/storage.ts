import { toISOTime } from '../../lib/iso_time.ts'
import { isCalendarDay } from '../../schema/scalars.ts'
import type { Column, ColumnType } from '../column.ts'
import type { Storage } from '../dialect.ts'
import type { SQLValue } from '../driver.ts'
import { DataError } from '../errors.ts'
import { isStorableText } from '../storable_text.ts'
import { isStorableTime } from '../value_schemas.ts'

/** How SQLite stores a column. @param name for messages */
export function storageOf(name: string, { type }: Column): Storage {
  return FACTORIES[type.name](name)
}

const FACTORIES: Readonly<Record<ColumnType['name'], (name: string) => Storage>> = {
  integer: (name) => ({
    bind: (value) => (Number.isSafeInteger(value) ? Number(value) : misfit(name, INTEGER)),
    compare: (value) => (isNumber(value) ? value : misfit(name, INTEGER)),
    decode: undefined,
  }),
  float: (name) =>
    plain((value) => (isNumber(value) && Number.isFinite(value) ? value : misfit(name, NUMBER))),
  string: textStorage,
  text: textStorage,
  enumeration: textStorage,
  boolean: (name) => ({
    ...plain((value) => (typeof value === 'boolean' ? Number(value) : misfit(name, BOOLEAN))),
    decode: (stored) => stored === 1,
  }),
  datetime: (name) => ({
    ...plain((value) => {
      const isTime = value instanceof Date && isStorableTime(value)
      return isTime ? toISOTime(value) : misfit(name, DATETIME)
    }),
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the table is strict: it holds text
    decode: (stored) => new Date(stored as string),
  }),
  date: (name) =>
    plain((value) =>
      typeof value === 'string' && isCalendarDay(value) ? value : misfit(name, DATE),
    ),
}

const INTEGER = 'Not a valid integer.'
const NUMBER = 'Not a valid number.'
const TEXT = 'Not a valid string.'
const BOOLEAN = 'Not a valid boolean.'
const DATETIME = 'Not a valid datetime.'
const DATE = 'Not a valid date.'

function textStorage(name: string): Storage {
  return plain((value) =>
    typeof value === 'string' && isStorableText(value) ? value : misfit(name, TEXT),
  )
}

/** Stored as it is bound, and compared the same way. */
function plain(bind: Storage['bind']): Storage {
  return { bind, compare: bind, decode: undefined }
}

function misfit(name: string, message: string): never {
  throw new DataError(message, name)
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && !Number.isNaN(value)
}

/** What a value that did not come through a model is bound as. @throws {DataError} when SQLite cannot hold it */
export function bindAny(value: unknown): SQLValue {
  if (value === null || value instanceof Uint8Array) return value
  if (typeof value === 'bigint' && BigInt.asIntN(64, value) === value) return value
  if (typeof value === 'boolean') return Number(value)
  if (isNumber(value)) return value
  if (typeof value === 'string' && isStorableText(value)) return value
  if (value instanceof Date && isStorableTime(value)) return toISOTime(value)
  throw new DataError('A value is of a kind that SQLite cannot hold.')
}
