import type { z } from 'zod'
import type { Columns } from './model.ts'

/** What is compared with text. */
interface TextOperators {
  /** A pattern of SQL: `%` stands for anything, `_` for one character. Case counts. Not for what clients send: use `contains`. */
  readonly like?: string
  readonly contains?: string
  readonly startsWith?: string
}

interface ValueOperators<V> {
  readonly eq?: V
  readonly ne?: V
  readonly gt?: V
  readonly gte?: V
  readonly lt?: V
  readonly lte?: V
  readonly in?: readonly V[]
  readonly notIn?: readonly V[]
  readonly isNull?: boolean
}

/** All that are named must hold. What is null passes none but `isNull`, as in SQL. */
export type Operators<V> = [V] extends [string]
  ? ValueOperators<V> & TextOperators
  : ValueOperators<V>

/** What a column must be: a value, null, one of a list, or {@link Operators}. */
export type Match<V> = V | readonly NonNullable<V>[] | Operators<NonNullable<V>>

/** Rows whose columns all match: `{ status: 'pending', id: { gt: 3 } }`. */
export type Where<C extends Columns> = {
  readonly [K in keyof C]?: Match<z.output<C[K]['schema']>>
}

/** Conditions joined by {@link and}, {@link or} or {@link not}. */
export class Compound<C extends Columns = Columns> {
  readonly join: 'and' | 'or' | 'not'
  readonly parts: readonly Condition<C>[]

  constructor(join: Compound['join'], parts: readonly Condition<C>[]) {
    this.join = join
    this.parts = parts
  }
}

/** Which rows are meant. */
export type Condition<C extends Columns> = Where<C> | Compound<C>

/** All of them hold; also of none. */
export function and<C extends Columns>(...parts: readonly Condition<NoInfer<C>>[]): Compound<C> {
  return new Compound('and', parts)
}

/** At least one of them holds; so not of none. */
export function or<C extends Columns>(...parts: readonly Condition<NoInfer<C>>[]): Compound<C> {
  return new Compound('or', parts)
}

/** It does not hold. Where it compares with null it is neither true nor false, and the row is not found. */
export function not<C extends Columns>(part: Condition<NoInfer<C>>): Compound<C> {
  return new Compound('not', [part])
}

/** How a model's rows are ordered: a column's name, with `-` the other way round. */
export type Order<C extends Columns> = Extract<keyof C, string> | `-${Extract<keyof C, string>}`
