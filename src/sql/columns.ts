import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { Column, type MakeValue, type ReferenceOptions } from './column.ts'
import type { ColumnType } from './column_type.ts'
import type { Columns, KeyOf, Model } from './model.ts'
import {
  bigintSchema,
  binarySchema,
  dateSchema,
  datetimeSchema,
  decimalSchema,
  textSchema,
  timeSchema,
} from './value_schemas.ts'

type Required<S extends z.ZodType> = Column<S, 'required', 'open', false>

/** The primary key: numbers from 1, given by the database; that of a deleted row is never given again. */
export function id(): Column<z.ZodInt, 'key', 'readOnly', true> {
  return new Column({
    type: { name: 'integer' },
    schema: z.int(),
    presence: 'key',
    access: 'readOnly',
    isPrimary: true,
  })
}

/** A whole number of at most 2^53 - 1, above or below zero. */
export function integer(): Required<z.ZodInt> {
  return required({ name: 'integer' }, z.int())
}

/** A whole number of 64 bits, a `bigint`. */
export function bigint(): Required<z.ZodBigInt> {
  return required({ name: 'bigint' }, bigintSchema())
}

/** A number with a fraction, 64 bits. Not for money. */
export function float(): Required<z.ZodNumber> {
  return required({ name: 'float' }, z.number())
}

/**
 * An exact number with a fixed count of decimals, as text: `'12.50'`. For money.
 *
 * @param precision digits in all, at most 18
 * @param scale how many of them stand after the point
 */
export function decimal(precision: number, scale: number): Required<z.ZodString> {
  const isPossible = Number.isInteger(precision) && precision >= 1 && precision <= MAX_PRECISION
  if (!isPossible || !Number.isInteger(scale) || scale < 0 || scale > precision) {
    throw new RangeError(
      `decimal() takes 1 to ${MAX_PRECISION} digits, and how many of them are decimals; ` +
        `not ${precision}, ${scale}.`,
    )
  }
  return required({ name: 'decimal', precision, scale }, decimalSchema(precision, scale))
}

/** What 64 bits hold, as SQLite keeps decimals in an integer. */
const MAX_PRECISION = 18

/** @param maxLength in code points */
export function string(maxLength: number): Required<z.ZodString> {
  if (!Number.isSafeInteger(maxLength) || maxLength < 1) {
    throw new RangeError(`string() takes the greatest length, not ${maxLength}. Or use text().`)
  }
  return required({ name: 'string', maxLength }, textSchema(maxLength))
}

/** Text of any length. */
export function text(): Required<z.ZodString> {
  return required({ name: 'text' }, textSchema())
}

export function boolean(): Required<z.ZodBoolean> {
  return required({ name: 'boolean' }, z.boolean())
}

/** A moment, to the millisecond, in UTC: a `Date`. */
export function datetime(): Required<z.ZodDate> {
  return required({ name: 'datetime' }, datetimeSchema())
}

/** A calendar day without a time zone, `'2026-11-20'`. */
export function date(): Required<z.ZodISODate> {
  return required({ name: 'date' }, dateSchema())
}

/** A time of the day without a time zone, to the millisecond: `'18:30:00'`, `'18:30:00.250'`. */
export function time(): Required<z.ZodString> {
  return required({ name: 'time' }, timeSchema())
}

/** A UUID in lower case. As a key: `uuid().primary().default(randomUUID)`. */
export function uuid(): Required<z.ZodUUID> {
  return required({ name: 'uuid' }, z.uuid().toLowerCase())
}

/** A random UUID, as a default. */
export const newUuid: MakeValue<string> = () => randomUUID()

/** Any JSON that `schema` accepts, typed by it. */
export function json<S extends z.ZodType>(schema: S): Required<S> {
  return required({ name: 'json' }, schema)
}

/** Bytes, a `Uint8Array`; base64 in JSON. */
export function binary(): Required<ReturnType<typeof binarySchema>> {
  return required({ name: 'binary' }, binarySchema())
}

/** One of these texts; the database checks it too. */
export function enumeration<const V extends readonly [string, ...string[]]>(
  values: V,
): Required<z.ZodEnum<{ [K in V[number]]: K }>> {
  return required({ name: 'enumeration', values }, z.enum(values))
}

/** A whole number that every update raises: an update of a row that was read before is refused when another came between. */
export function version(): Column<z.ZodInt, 'default', 'readOnly', false> {
  return new Column({
    type: { name: 'integer' },
    schema: z.int(),
    presence: 'default',
    access: 'readOnly',
    isPrimary: false,
    isVersion: true,
    initial: 1,
  })
}

/** The key of a row of `target`, which must be there. */
export function reference<C extends Columns>(
  target: Model<C>,
  options: ReferenceOptions = {},
): Required<z.ZodType<KeyOf<C>>> {
  const key = target.columns[target.key]
  if (!key || target.primaryKey.length > 1) {
    throw new TypeError(
      `reference() takes a model with a key of one column; "${target.table}" has ${target.primaryKey.join(', ')}.`,
    )
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the schema of the one key
  const schema = key.schema as z.ZodType<KeyOf<C>>
  return required(key.type, schema).references(target, options).index()
}

/** The time of the statement; the same in all its columns. */
export const now: MakeValue<Date> = (at) => at

function required<S extends z.ZodType>(type: ColumnType, schema: S): Required<S> {
  return new Column({ type, schema, presence: 'required', access: 'open', isPrimary: false })
}
