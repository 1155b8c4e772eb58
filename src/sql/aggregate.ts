import { type Expression, sql } from 'kysely'
import type { z } from 'zod'
import { from, orderOf, selectionOf } from './compile.ts'
import type { Executor, Query } from './driver.ts'
import { DataError } from './errors.ts'
import { plain, refTo } from './expression.ts'
import { reading } from './model_touches.ts'
import type { Columns, RowOf } from './model.ts'
import { bindConditions, type Plan } from './plan.ts'
import { queryFor } from './query_for.ts'
import type { Table, TableColumn } from './table.ts'

type Operation = 'count' | 'countDistinct' | 'sum' | 'avg' | 'min' | 'max'

/** One value of many rows. */
export interface Aggregate<O extends Operation = Operation, Name extends string = string> {
  readonly operation: O
  /** Undefined to count rows. */
  readonly column: Name | undefined
}

/** How many rows there are; of a column, how many are not null. */
export function count<const Name extends string = never>(column?: Name): Aggregate<'count', Name> {
  return { operation: 'count', column }
}

/** How many different values there are, null aside. */
export function countDistinct<const Name extends string>(
  column: Name,
): Aggregate<'countDistinct', Name> {
  return { operation: 'countDistinct', column }
}

/** Exact for whole numbers and decimals; null of nothing. */
export function sum<const Name extends string>(column: Name): Aggregate<'sum', Name> {
  return { operation: 'sum', column }
}

/** A number, so not exact; null of nothing. */
export function avg<const Name extends string>(column: Name): Aggregate<'avg', Name> {
  return { operation: 'avg', column }
}

export function min<const Name extends string>(column: Name): Aggregate<'min', Name> {
  return { operation: 'min', column }
}

export function max<const Name extends string>(column: Name): Aggregate<'max', Name> {
  return { operation: 'max', column }
}

type Names<C> = Extract<keyof C, string>

/** What is asked of rows, by the name that it gets. */
export type Aggregates<C extends Columns> = Readonly<Record<string, Aggregate<Operation, Names<C>>>>

type ValueIn<C extends Columns, Name> = Name extends keyof C
  ? NonNullable<z.output<C[Name]['schema']>>
  : never

type Result<C extends Columns, A> =
  A extends Aggregate<infer O, infer Name>
    ? O extends 'count' | 'countDistinct'
      ? number
      : O extends 'avg'
        ? number | null
        : ValueIn<C, Name> | null
    : never

/** One row of {@link Find.aggregate}. */
export type AggregateRow<C extends Columns, A, N extends keyof C> = Pick<RowOf<C>, N> & {
  readonly [K in keyof A]: Result<C, A[K]>
}

/** @throws {TypeError} when a column cannot be summed up */
export async function aggregateRows<C extends Columns, A extends Aggregates<C>, N extends keyof C>(
  executor: Executor,
  table: Table<C>,
  plan: Plan,
  aggregates: A,
  by: readonly string[],
): Promise<AggregateRow<C, A, N>[]> {
  const asked = Object.entries<Aggregate>(aggregates).map(([name, aggregate]) =>
    toAsked(table, name, aggregate),
  )
  const groups = by.map((name) => table.column(name))
  const shape = `aggregate ${asked.map(({ mark }) => mark).join()} by ${by.join()} `
  const bound = bindConditions(table, shape, plan)
  const compile = () => compileAggregates(table, plan, asked, groups)
  const rows = await executor.execute(queryFor(table, bound.key, compile, 'rows'), bound.values)
  const decoders = [...groups.map(({ decode }) => decode), ...asked.map(({ decode }) => decode)]
  const names = [...by, ...asked.map(({ name }) => name)]
  return rows.map((stored) => {
    const entries = names.map((name, i) => {
      const value = stored[i]
      return [name, value === null ? null : (decoders[i]?.(value) ?? value)]
    })
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the types say of each name what is decoded here
    return Object.fromEntries(entries) as AggregateRow<C, A, N>
  })
}

interface Asked {
  readonly name: string
  readonly mark: string
  readonly expression: Expression<unknown>
  readonly decode: TableColumn['decode']
}

function toAsked(table: Table, name: string, { operation, column: of }: Aggregate): Asked {
  if (of === undefined) {
    return { name, mark: 'n', expression: sql`count(*)`, decode: Number }
  }
  const column = table.column(of)
  const ref = refTo(plain(table), of)
  const mark = `${operation}${column.mark}`
  switch (operation) {
    case 'count':
      return { name, mark, expression: sql`count(${ref})`, decode: Number }
    case 'countDistinct':
      return { name, mark, expression: sql`count(distinct ${ref})`, decode: Number }
    case 'min':
    case 'max': {
      const value = sql`${sql.raw(operation)}(${ref})`
      return { name, mark, expression: column.select?.(value) ?? value, decode: column.decode }
    }
    default:
      return { name, mark, ...numeric(table, column, operation, ref) }
  }
}

function numeric(
  { dialect, model }: Table,
  { column, name, decode, unitsPerWhole }: TableColumn,
  operation: 'sum' | 'avg',
  ref: Expression<unknown>,
): Pick<Asked, 'expression' | 'decode'> {
  const type = column.type.name
  if (!NUMERIC.has(type)) {
    throw new TypeError(`${operation}() takes numbers; "${model.table}.${name}" is ${type}.`)
  }
  const value = sql`${sql.raw(operation)}(${ref})`
  if (operation === 'avg') {
    const units = unitsPerWhole ?? 1
    return { expression: value, decode: (stored) => Number(stored) / units }
  }
  if (type === 'float') return { expression: value, decode: Number }
  const toSum = type === 'integer' ? toExact : decode
  return { expression: dialect.asText(value), decode: toSum }
}

const NUMERIC: ReadonlySet<string> = new Set(['integer', 'bigint', 'float', 'decimal'])

function toExact(stored: unknown): number {
  const value = Number(stored)
  if (Number.isSafeInteger(value)) return value
  throw new DataError('The sum is beyond 2^53: make the column a bigint().')
}

function compileAggregates(
  table: Table,
  plan: Plan,
  asked: readonly Asked[],
  groups: readonly TableColumn[],
): Query {
  const names = groups.map(({ name }) => name)
  let query = from(table, plan.conditions)
    .select(selectionOf(table, groups))
    .select(asked.map(({ expression }, i) => sql`${expression}`.as(`a${i}`)))
  if (names.length > 0) {
    query = query
      .groupBy(names.map((name) => refTo(plain(table), name)))
      .orderBy(orderOf(table, names))
  }
  const touching = reading(table, plan.conditions)
  return { sql: query.compile().sql, fetch: 'rows', access: 'read', ...touching }
}
