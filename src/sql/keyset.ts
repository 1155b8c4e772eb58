import { type Expression, type SqlBool, sql } from 'kysely'
import type { Bound } from './bound.ts'
import type { SQLValue } from './driver.ts'
import { all, type Aliased, refTo } from './expression.ts'
import type { Table, TableColumn } from './table.ts'

type Bool = Expression<SqlBool>

/** Stands for a value where a query is compiled. */
const VALUE = 0

/** A column that rows are ordered by. */
export interface Sorted {
  readonly column: TableColumn
  readonly isDescending: boolean
}

/** A row's place in an order that no two rows share. */
export interface Keyset {
  readonly sorted: readonly Sorted[]
  readonly values: readonly SQLValue[]
}

/** `'-created_at'` as a column and its direction. @throws {TypeError} when there is no such column */
export function toSorted(table: Table, order: string): Sorted {
  const isDescending = order.startsWith('-')
  return { column: table.column(isDescending ? order.slice(1) : order), isDescending }
}

/** The order with the primary key behind it, so that every row has a place of its own. */
export function toTotalOrder(table: Table, order: readonly string[]): string[] {
  const named = new Set(order.map((name) => name.replace(/^-/, '')))
  const sign = order.at(-1)?.startsWith('-') ? '-' : ''
  const rest = table.keys.filter(({ name }) => !named.has(name)).map(({ name }) => sign + name)
  return [...order, ...rest]
}

/** The order the other way round. */
export function toReversed(order: readonly string[]): string[] {
  return order.map((name) => (name.startsWith('-') ? name.slice(1) : `-${name}`))
}

/** The place of `row`. */
export function keysetOf(table: Table, order: readonly string[], row: object): Keyset {
  const sorted = order.map((name) => toSorted(table, name))
  const values = sorted.map(({ column: { name, bind } }): SQLValue => {
    const value = valueIn(row, name)
    return value === null ? null : bind(value)
  })
  return { sorted, values }
}

/** The value of a column that rows are ordered by. @throws {TypeError} when it was not selected */
export function valueIn(row: object, name: string): unknown {
  const value: unknown = Reflect.get(row, name)
  if (value !== undefined) return value
  throw new TypeError(`Rows are ordered by "${name}", so it must be selected too.`)
}

/** Bind the values in the order of {@link toKeysetExpression}. */
export function bindKeyset(bound: Bound, { sorted, values }: Keyset): void {
  bound.key += ` after ${sorted.map(({ column, isDescending }, i) => `${column.mark}${isDescending ? '-' : '+'}${values[i] === null ? 'n' : ''}`).join()}`
  if (isSimple({ sorted, values })) return void bound.values.push(...values)
  sorted.forEach((each, i) => {
    if (!hasAnyBehind(each, values[i]!)) return
    for (const value of values.slice(0, i)) if (value !== null) bound.values.push(value)
    const value = values[i]!
    if (value !== null) bound.values.push(value)
  })
}

/** Rows behind the place. Null comes before all else. */
export function toKeysetExpression(from: Aliased, keyset: Keyset): Bool {
  const { sorted, values } = keyset
  if (isSimple(keyset)) {
    const columns = sql.join(sorted.map(({ column }) => refTo(from, column.name)))
    const operator = sql.raw(sorted[0]?.isDescending ? '<' : '>')
    const row = sql.join(sorted.map(() => sql`${VALUE}`))
    if (sorted.length === 1) return sql<SqlBool>`${columns} ${operator} ${row}`
    return sql<SqlBool>`(${columns}) ${operator} (${row})`
  }
  const ways = sorted.flatMap((each, i) => {
    if (!hasAnyBehind(each, values[i]!)) return []
    const before = sorted.slice(0, i).map(({ column }, n) => equal(from, column, values[n]!))
    return [all([...before, behind(from, each, values[i]!)])]
  })
  return ways.length === 0 ? sql<SqlBool>`(1 = 0)` : sql<SqlBool>`(${sql.join(ways, sql` or `)})`
}

/** Whether the columns compare as one row value does: none may be null, all go one way. */
function isSimple({ sorted }: Keyset): boolean {
  return sorted.every(
    ({ column, isDescending }) =>
      !column.column.isNullable && isDescending === sorted[0]?.isDescending,
  )
}

/** Nothing comes behind null where the order descends. */
function hasAnyBehind({ isDescending }: Sorted, value: SQLValue): boolean {
  return !(isDescending && value === null)
}

function equal(from: Aliased, { name }: TableColumn, value: SQLValue): Bool {
  const ref = refTo(from, name)
  return value === null ? sql<SqlBool>`${ref} is null` : sql<SqlBool>`${ref} = ${VALUE}`
}

function behind(from: Aliased, { column, isDescending }: Sorted, value: SQLValue): Bool {
  const ref = refTo(from, column.name)
  if (value === null) return sql<SqlBool>`${ref} is not null`
  if (!isDescending) return sql<SqlBool>`${ref} > ${VALUE}`
  return column.column.isNullable
    ? sql<SqlBool>`(${ref} < ${VALUE} or ${ref} is null)`
    : sql<SqlBool>`${ref} < ${VALUE}`
}
