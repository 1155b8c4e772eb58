import { sql } from 'kysely'
import type { Condition, Order } from './condition.ts'
import type { Query } from './driver.ts'
import { refTo, toExpression } from './expression.ts'
import type { Columns } from './model.ts'
import type { Table } from './table.ts'

/** Stands for a value where a query is compiled. */
const VALUE = 0

export interface Selection {
  readonly conditions: readonly Condition<Columns>[]
  readonly order: readonly Order<Columns>[]
  /** A fixed count, or one that is bound. */
  readonly limit: number | 'bound' | undefined
  readonly isMoved: boolean
}

/** All columns of the rows that are meant; bound are the conditions' values, then limit, then offset. */
export function compileSelect(table: Table, selection: Selection, fetch: 'row' | 'rows'): Query {
  let query = from(table, selection.conditions).select(selectionOf(table))
  for (const order of selection.order) {
    const isDescending = order.startsWith('-')
    const { name } = table.column(isDescending ? order.slice(1) : order)
    query = query.orderBy(refTo(table, name), isDescending ? 'desc' : 'asc')
  }
  // A limit must stand before an offset; a negative one is none.
  const limit = selection.limit ?? (selection.isMoved ? -1 : undefined)
  if (limit === 'bound') query = query.limit(table.dialect.limit(VALUE))
  else if (limit !== undefined) query = query.limit(sql.lit(limit))
  if (selection.isMoved) query = query.offset(VALUE)
  return { sql: query.compile().sql, fetch, access: 'read' }
}

export function compileByKey(table: Table): Query {
  return compileSelect(
    table,
    { conditions: [{ [table.key.name]: VALUE }], order: [], limit: undefined, isMoved: false },
    'row',
  )
}

export function compileCount(table: Table, conditions: readonly Condition<Columns>[]): Query {
  const query = from(table, conditions).select(({ fn }) => fn.countAll().as('count'))
  return { sql: query.compile().sql, fetch: 'row', access: 'read' }
}

export function compileExists(table: Table, conditions: readonly Condition<Columns>[]): Query {
  const query = from(table, conditions).select(sql.lit(1).as('found')).limit(sql.lit(1))
  return { sql: query.compile().sql, fetch: 'row', access: 'read' }
}

/** @param given names of the columns, in the order of the values */
export function compileInsert(
  table: Table,
  given: readonly string[],
  fetch: 'row' | 'result',
): Query {
  const { compiler, name } = table.dialect
  const into = compiler.insertInto(table.model.table)
  const isEmpty = given.length === 0
  const nothing =
    name === 'sqlite' ? into.defaultValues() : into.values({ [table.key.name]: sql`default` })
  const query = isEmpty ? nothing : into.values(placeholders(given))
  const whole = fetch === 'row' ? query.returning(selectionOf(table)) : query
  return { sql: whole.compile().sql, fetch, access: 'write' }
}

/** Bound are the values of `given`, then those of the condition. */
export function compileUpdate(
  table: Table,
  given: readonly string[],
  condition: Condition<Columns>,
  fetch: 'row' | 'count',
): Query {
  const { compiler } = table.dialect
  const query = compiler
    .updateTable(table.model.table)
    .set(placeholders(given))
    .where(toExpression(table, condition))
  const whole = fetch === 'row' ? query.returning(selectionOf(table)) : query
  return { sql: whole.compile().sql, fetch, access: 'write' }
}

export function compileDelete(table: Table, condition: Condition<Columns>): Query {
  const query = table.dialect.compiler
    .deleteFrom(table.model.table)
    .where(toExpression(table, condition))
  return { sql: query.compile().sql, fetch: 'count', access: 'write' }
}

function from(table: Table, conditions: readonly Condition<Columns>[]) {
  let query = table.dialect.compiler.selectFrom(table.model.table)
  for (const condition of conditions) query = query.where(toExpression(table, condition))
  return query
}

/** All columns in the model's order; their names are of no interest, as rows come as arrays. */
function selectionOf(table: Table) {
  return table.columns.map(({ name, select }, i) => {
    const column = refTo(table, name)
    // Under its own name an expression would stand in place of the column in ORDER BY.
    return select ? sql`${select(column)}`.as(`_${i}`) : column.as(name)
  })
}

function placeholders(given: readonly string[]): Record<string, number> {
  return Object.fromEntries(given.map((name) => [name, VALUE]))
}
