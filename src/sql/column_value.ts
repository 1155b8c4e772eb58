import { isCalendarDay } from '../schema/scalars.ts'
import type { ColumnType, ColumnTypeName, ColumnTypeOf } from './column_type.ts'
import { DataError } from './errors.ts'
import { isStorableText } from './storable_text.ts'
import { isStorableTime, toDecimal, toTime } from './value_schemas.ts'

/** What each type of column holds, in the one form that it has in this program. */
export interface ColumnValues {
  readonly integer: number
  readonly bigint: bigint
  readonly float: number
  readonly decimal: string
  readonly string: string
  readonly text: string
  readonly boolean: boolean
  readonly datetime: Date
  readonly date: string
  readonly time: string
  readonly uuid: string
  /** Its text. */
  readonly json: string
  readonly binary: Uint8Array
  readonly enumeration: string
}

type Readers = {
  readonly [Name in ColumnTypeName]: (
    value: unknown,
    type: ColumnTypeOf<Name>,
  ) => ColumnValues[Name] | undefined
}

/**
 * Makes sure that a value is of the column's type, whatever the types said.
 *
 * @param name of the column, for messages
 * @returns a function that gives the value in its one form. @throws {DataError} when it is not of the type
 */
export function checkedBy<Name extends ColumnTypeName>(
  name: string,
  type: ColumnTypeOf<Name>,
): (value: unknown) => ColumnValues[Name] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- TypeScript cannot see that the key fits the value
  const read = READERS[type.name] as (
    value: unknown,
    type: ColumnType,
  ) => ColumnValues[Name] | undefined
  return (value) => {
    const given = read(value, type)
    if (given !== undefined) return given
    throw new DataError(MESSAGES[type.name], name)
  }
}

const READERS: Readers = {
  integer: (value) => (Number.isSafeInteger(value) ? Number(value) : undefined),
  bigint: (value) => (isInt64(value) ? value : undefined),
  float: (value) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined),
  decimal: (value, { precision, scale }) =>
    typeof value === 'string' ? toDecimal(value, precision, scale) : undefined,
  string: readText,
  text: readText,
  enumeration: readText,
  boolean: (value) => (typeof value === 'boolean' ? value : undefined),
  datetime: (value) => (value instanceof Date && isStorableTime(value) ? value : undefined),
  date: (value) => (typeof value === 'string' && isCalendarDay(value) ? value : undefined),
  time: (value) => (typeof value === 'string' ? toTime(value) : undefined),
  uuid: (value) =>
    typeof value === 'string' && UUID.test(value) ? value.toLowerCase() : undefined,
  json: toJSONText,
  binary: (value) => (value instanceof Uint8Array ? value : undefined),
}

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i

const TEXT = 'Not a valid string.'
const MESSAGES: Readonly<Record<ColumnTypeName, string>> = {
  integer: 'Not a valid integer.',
  bigint: 'Not a valid integer.',
  float: 'Not a valid number.',
  decimal: 'Not a valid decimal.',
  string: TEXT,
  text: TEXT,
  enumeration: TEXT,
  boolean: 'Not a valid boolean.',
  datetime: 'Not a valid datetime.',
  date: 'Not a valid date.',
  time: 'Not a valid time.',
  uuid: 'Not a valid UUID.',
  json: 'Not a valid JSON value.',
  binary: 'Not valid bytes.',
}

function readText(value: unknown): string | undefined {
  return typeof value === 'string' && isStorableText(value) ? value : undefined
}

/** Whether it is a bigint of 64 bits. */
export function isInt64(value: unknown): value is bigint {
  return typeof value === 'bigint' && BigInt.asIntN(64, value) === value
}

/** @returns undefined for what JSON has no form for, and for text in it that not every database can hold */
function toJSONText(value: unknown): string | undefined {
  let text: string | undefined
  try {
    text = JSON.stringify(value)
  } catch {
    return undefined
  }
  return text === undefined || NOT_STORABLE.test(text) ? undefined : text
}

/** JSON.stringify writes NUL and halves of surrogate pairs as escapes, with an odd count of backslashes. */
const NOT_STORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/
