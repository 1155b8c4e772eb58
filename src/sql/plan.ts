import { Bound } from './bound.ts'
import type { AnyCondition } from './condition.ts'
import { bindKeyset, type Keyset } from './keyset.ts'
import type { Table, TableColumn } from './table.ts'
import { treeOf } from './tree.ts'

/** Which relations are loaded with rows, and theirs. */
export interface Wanted {
  readonly [relation: string]: true | Wanted | undefined
}

/** What is to be found: all that a {@link Find} was told. */
export interface Plan {
  readonly conditions: readonly AnyCondition[]
  /** Names, with `-` before those in descending order. */
  readonly order: readonly string[]
  readonly limit: number | undefined
  readonly offset: number | undefined
  /** Undefined for all columns. */
  readonly columns: readonly TableColumn[] | undefined
  readonly isDistinct: boolean
  readonly isLocked: boolean
  readonly wanted: Wanted | undefined
  /** Only rows behind this one. */
  readonly after: Keyset | undefined
}

export const EVERY_ROW: Plan = {
  conditions: [],
  order: [],
  limit: undefined,
  offset: undefined,
  columns: undefined,
  isDistinct: false,
  isLocked: false,
  wanted: undefined,
  after: undefined,
}

/** The conditions' shape and values, behind the name of what is done with them. */
export function bindConditions(table: Table, operation: string, plan: Plan): Bound {
  const bound = new Bound(table, operation)
  for (const condition of plan.conditions) bound.addCondition(condition)
  return bound
}

/** The same with all that a selection of rows has besides. */
export function bindSelection(table: Table, operation: string, plan: Plan): Bound {
  const bound = bindConditions(table, operation, plan)
  if (plan.after) bindKeyset(bound, plan.after)
  for (const each of plan.order) bound.key += ` ${each}`
  if (plan.columns) bound.key += ` only ${plan.columns.map(({ mark }) => mark).join()}`
  if (plan.wanted) bound.key += treeOf(table, plan.wanted, plan).mark
  if (plan.isDistinct) bound.key += ' distinct'
  if (plan.isLocked) bound.key += ' lock'
  if (plan.limit !== undefined) {
    bound.key += ' limit'
    bound.values.push(plan.limit)
  }
  if (plan.offset !== undefined) {
    bound.key += ' offset'
    bound.values.push(plan.offset)
  }
  return bound
}
