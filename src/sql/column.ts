import { z } from 'zod'
import { dateSchema, datetimeSchema, textSchema } from './value_schemas.ts'

/** Whether an insert must name the column: it must, it need not, it has a constant default, it is the key. */
export type Presence = 'required' | 'optional' | 'default' | 'key'
/** Whether clients may set the column; code always may. */
export type Access = 'open' | 'readOnly'

/** What a column holds, whatever the database. */
export type ColumnType =
  | { readonly name: 'integer' | 'float' | 'text' | 'boolean' | 'datetime' | 'date' }
  | { readonly name: 'string'; readonly maxLength: number }
  | { readonly name: 'enumeration'; readonly values: readonly string[] }

/** Makes a value for a statement. @param at the time of the statement, the same for all its columns */
export type MakeValue<T> = (at: Date) => T

interface ColumnParts<S extends z.ZodType, P extends Presence, A extends Access> {
  readonly type: ColumnType
  readonly schema: S
  readonly presence: P
  readonly access: A
  readonly isNullable?: boolean
  readonly isUnique?: boolean
  readonly initial?: unknown
  readonly onUpdate?: MakeValue<unknown>
}

/** One column of a {@link Model}. Its methods return changed copies. */
export class Column<
  S extends z.ZodType = z.ZodType,
  P extends Presence = Presence,
  A extends Access = Access,
> {
  readonly type: ColumnType
  /** What a value must be; without defaults. */
  readonly schema: S
  readonly presence: P
  readonly access: A
  readonly isNullable: boolean
  readonly isUnique: boolean
  /** The default: a value, or a function that makes one. */
  readonly initial: unknown
  readonly makeOnUpdate: MakeValue<unknown> | undefined
  readonly #parts: ColumnParts<S, P, A>

  constructor(parts: ColumnParts<S, P, A>) {
    this.#parts = parts
    this.type = parts.type
    this.schema = parts.schema
    this.presence = parts.presence
    this.access = parts.access
    this.isNullable = parts.isNullable ?? false
    this.isUnique = parts.isUnique ?? false
    this.initial = parts.initial
    this.makeOnUpdate = parts.onUpdate
  }

  /** May hold null, and does where an insert does not say. */
  nullable(): Column<z.ZodNullable<S>, P extends 'required' ? 'optional' : P, A> {
    type Nullable = P extends 'required' ? 'optional' : P
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the condition in the type, evaluated
    const presence = (this.presence === 'required' ? 'optional' : this.presence) as Nullable
    return new Column({
      ...this.#parts,
      schema: z.nullable(this.schema),
      presence,
      isNullable: true,
    })
  }

  /** What an insert that does not say stores: a value, or what a function such as {@link now} makes. */
  default(value: MakeValue<z.output<S>>): Column<S, 'optional', A>
  default(value: z.output<S>): Column<S, 'default', A>
  default(initial: unknown): Column<S, 'optional' | 'default', A> {
    const presence = typeof initial === 'function' ? 'optional' : 'default'
    return new Column({ ...this.#parts, presence, initial })
  }

  /** Set anew by every update that does not set it itself. */
  onUpdate(make: MakeValue<z.output<S>>): Column<S, P, A> {
    return new Column({ ...this.#parts, onUpdate: make })
  }

  /** Clients may not set it: it is in no schema for input. Code may. */
  readOnly(): Column<S, P, 'readOnly'> {
    return new Column({ ...this.#parts, access: 'readOnly' })
  }

  /** No two rows have the same value; null does not count. */
  unique(): Column<S, P, A> {
    return new Column({ ...this.#parts, isUnique: true })
  }
}

/** The primary key: numbers from 1, given by the database; that of a deleted row is never given again. */
export function id(): Column<z.ZodInt, 'key', 'readOnly'> {
  return new Column({
    type: { name: 'integer' },
    schema: z.int(),
    presence: 'key',
    access: 'readOnly',
  })
}

/** A whole number of at most 2^53 - 1, above or below zero. */
export function integer(): Column<z.ZodInt, 'required', 'open'> {
  return required({ name: 'integer' }, z.int())
}

/** A number with a fraction, 64 bits. Not for money. */
export function float(): Column<z.ZodNumber, 'required', 'open'> {
  return required({ name: 'float' }, z.number())
}

/** @param maxLength in code points */
export function string(maxLength: number): Column<z.ZodString, 'required', 'open'> {
  if (!Number.isSafeInteger(maxLength) || maxLength < 1) {
    throw new RangeError(`string() takes the greatest length, not ${maxLength}. Or use text().`)
  }
  return required({ name: 'string', maxLength }, textSchema(maxLength))
}

/** Text of any length. */
export function text(): Column<z.ZodString, 'required', 'open'> {
  return required({ name: 'text' }, textSchema())
}

export function boolean(): Column<z.ZodBoolean, 'required', 'open'> {
  return required({ name: 'boolean' }, z.boolean())
}

/** A moment, to the millisecond, in UTC: a `Date`. */
export function datetime(): Column<z.ZodDate, 'required', 'open'> {
  return required({ name: 'datetime' }, datetimeSchema())
}

/** A calendar day without a time zone, `'2026-11-20'`. */
export function date(): Column<z.ZodISODate, 'required', 'open'> {
  return required({ name: 'date' }, dateSchema())
}

/** One of these texts; the database checks it too. */
export function enumeration<const V extends readonly [string, ...string[]]>(
  values: V,
): Column<z.ZodEnum<{ [K in V[number]]: K }>, 'required', 'open'> {
  return required({ name: 'enumeration', values }, z.enum(values))
}

/** The time of the statement; the same in all its columns. */
export const now: MakeValue<Date> = (at) => at

function required<S extends z.ZodType>(type: ColumnType, schema: S): Column<S, 'required', 'open'> {
  return new Column({ type, schema, presence: 'required', access: 'open' })
}
