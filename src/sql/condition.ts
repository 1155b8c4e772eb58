import type { z } from 'zod'
import type { Columns, Model } from './model.ts'
import type { RelationsOf, TargetOf } from './relation.ts'

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
export type WhereColumns<C extends Columns> = {
  readonly [K in keyof C]?: Match<z.output<C[K]['schema']>>
}

/** Rows for which there is a related one that matches: `{ address: { city: 'Bath' } }`. */
export type WhereRelated<R, Table> = {
  readonly [K in keyof RelationsOf<R, Table>]?: ConditionOn<R, TargetOf<RelationsOf<R, Table>[K]>>
}

type ConditionOn<R, M> = M extends Model<infer C, infer Table> ? Condition<C, R, Table> : never

/** What a row, and the rows that it is related to, must be. */
export type Where<C extends Columns, R = {}, Table = string> = WhereColumns<C> &
  WhereRelated<R, Table>

/** Conditions joined by {@link and}, {@link or} or {@link not}. */
export class Compound<C extends Columns = Columns, R = {}, Table = string> {
  readonly join: 'and' | 'or' | 'not'
  readonly parts: readonly Condition<C, R, Table>[]

  constructor(join: Compound['join'], parts: readonly Condition<C, R, Table>[]) {
    this.join = join
    this.parts = parts
  }
}

/** Which rows are meant. */
export type Condition<C extends Columns, R = {}, Table = string> =
  | Where<C, R, Table>
  | Compound<C, R, Table>

/** A condition on a table that is known at run time only. */
export type AnyCondition = Condition<Columns> | object

/** All of them hold; also of none. */
export function and<C extends Columns, R = {}, Table = string>(
  ...parts: readonly Condition<NoInfer<C>, NoInfer<R>, NoInfer<Table>>[]
): Compound<C, R, Table> {
  return new Compound('and', parts)
}

/** At least one of them holds; so not of none. */
export function or<C extends Columns, R = {}, Table = string>(
  ...parts: readonly Condition<NoInfer<C>, NoInfer<R>, NoInfer<Table>>[]
): Compound<C, R, Table> {
  return new Compound('or', parts)
}

/** It does not hold. Where it compares with null it is neither true nor false, and the row is not found. */
export function not<C extends Columns, R = {}, Table = string>(
  part: Condition<NoInfer<C>, NoInfer<R>, NoInfer<Table>>,
): Compound<C, R, Table> {
  return new Compound('not', [part])
}

/** How a model's rows are ordered: a column's name, with `-` the other way round. */
export type Order<C extends Columns> = Extract<keyof C, string> | `-${Extract<keyof C, string>}`
