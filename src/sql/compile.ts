import { type Expression, type InsertQueryBuilder, sql } from 'kysely'
import type { AnyCondition } from './condition.ts'
import type { AnyTables } from './dialect.ts'
import type { Query } from './driver.ts'
import { plain, refTo, toExpression } from './expression.ts'
import { toKeysetExpression, toSorted } from './keyset.ts'
import { deleting, inserting, reading, readingJoined, updating } from './model_touches.ts'
import { pinnedByAnswer } from './pins.ts'
import type { Plan } from './plan.ts'
import type { Table, TableColumn } from './table.ts'
import { type Joined, joinsIn, treeOf } from './tree.ts'

/** Stands for a value where a query is compiled. */
const VALUE = 0

/**
 * The rows of a plan; bound are the conditions' values, those of the place, then limit, then offset.
 *
 * @param limit in place of the plan's own, which is bound
 */
export function compileSelect(
  table: Table,
  plan: Plan,
  fetch: 'row' | 'rows',
  limit?: number,
): Query {
  const joins = plan.wanted ? joinsIn(treeOf(table, plan.wanted, plan)) : []
  let query = withJoined(
    from(table, plan.conditions).select(selectionOf(table, plan.columns)),
    joins,
  )
  if (plan.after) query = query.where(toKeysetExpression(plain(table), plan.after))
  if (plan.order.length > 0) query = query.orderBy(orderOf(table, plan.order))
  if (plan.isDistinct) query = query.distinct()
  const isMoved = plan.offset !== undefined
  if (limit !== undefined) query = query.limit(sql.lit(limit))
  else if (plan.limit !== undefined) query = query.limit(table.dialect.limit(VALUE))
  // A limit must stand before an offset.
  else if (isMoved) query = query.limit(sql.raw<number>(table.dialect.noLimit))
  if (isMoved) query = query.offset(VALUE)
  const locks = plan.isLocked && table.dialect.features.rowLocks
  if (locks) query = query.forUpdate()
  const access = plan.isLocked ? 'lock' : 'read'
  const touching = readingJoined(table, plan.conditions, joins)
  return { sql: query.compile().sql, fetch, access, ...touching }
}

/** The row with a key, held until the transaction ends where it `isLocked`. */
export function compileByKey(table: Table, isLocked: boolean): Query {
  const conditions = [keyCondition(table)]
  let query = from(table, conditions).select(selectionOf(table))
  if (isLocked && table.dialect.features.rowLocks) query = query.forUpdate()
  const access = isLocked ? 'lock' : 'read'
  return { sql: query.compile().sql, fetch: 'row', access, ...reading(table, conditions) }
}

/** The primary key is equal to values that are bound. */
export function keyCondition(table: Table): Record<string, number> {
  return Object.fromEntries(table.keys.map(({ name }) => [name, VALUE]))
}

export function compileCount(table: Table, conditions: readonly AnyCondition[]): Query {
  const query = from(table, conditions).select(({ fn }) => fn.countAll().as('count'))
  return { sql: query.compile().sql, fetch: 'row', access: 'read', ...reading(table, conditions) }
}

export function compileExists(table: Table, conditions: readonly AnyCondition[]): Query {
  const query = from(table, conditions).select(sql.lit(1).as('found')).limit(sql.lit(1))
  return { sql: query.compile().sql, fetch: 'row', access: 'read', ...reading(table, conditions) }
}

/** @param columns in the order of the values of each of `count` rows */
export function compileInsert(table: Table, columns: readonly TableColumn[], count = 1): Query {
  const insert = insertInto(table, columns, count)
  return answering(table, insert, columns, count === 1 ? 'row' : 'rows')
}

/** An insert with what it gives back: rows, where the database has them for an answer. @param changed of a row that is there */
export function answering(
  table: Table,
  insert: Insert,
  given: readonly TableColumn[],
  fetch: 'row' | 'rows',
  changed: readonly string[] = [],
): Query {
  const answers = table.dialect.features.returning.insert
  const whole = answers ? insert.returning(insertedOf(table, given)) : insert
  const touching = inserting(table, answers ? pinnedByAnswer(table, fetch) : undefined, changed)
  return {
    sql: whole.compile().sql,
    fetch: answers ? fetch : 'result',
    access: 'write',
    ...touching,
  }
}

type Insert = InsertQueryBuilder<AnyTables, string, unknown>

/** The statement without what it gives back. */
export function insertInto(table: Table, columns: readonly TableColumn[], count: number) {
  const into = table.dialect.compiler.insertInto(table.model.table)
  if (columns.length === 0) {
    // MariaDB has no `default values`, and its default of a key that it numbers is 0; null is the next number.
    if (table.dialect.name !== 'mariadb') return into.defaultValues()
    const { name, column } = table.key
    return into.values({ [name]: column.presence === 'key' ? sql`null` : sql`default` })
  }
  const given = columns.map(({ name }) => name)
  return into.values(Array.from({ length: count }, () => placeholders(given)))
}

/** What every update sets besides. */
export function raisedVersion(table: Table): Record<string, Expression<number>> {
  const { version } = table
  return version ? { [version.name]: sql<number>`${refTo(plain(table), version.name)} + 1` } : {}
}

/** Bound are the values of `given`, then those of the condition. */
export function compileUpdate(
  table: Table,
  given: readonly string[],
  condition: AnyCondition,
  fetch: 'row' | 'count',
): Query {
  const query = table.dialect.compiler
    .updateTable(table.model.table)
    .set({ ...placeholders(given), ...raisedVersion(table) })
    .where(toExpression(plain(table), condition))
  const whole = fetch === 'row' ? query.returning(selectionOf(table)) : query
  const touching = updating(table, given, condition)
  return { sql: whole.compile().sql, fetch, access: 'write', ...touching }
}

export function compileDelete(table: Table, condition: AnyCondition): Query {
  const query = table.dialect.compiler
    .deleteFrom(table.model.table)
    .where(toExpression(plain(table), condition))
  const touching = deleting(table, condition)
  return { sql: query.compile().sql, fetch: 'count', access: 'write', ...touching }
}

/** Rows of the table for which all conditions hold. */
export function from(table: Table, conditions: readonly AnyCondition[]) {
  let query = table.dialect.compiler.selectFrom(table.model.table)
  for (const condition of conditions) query = query.where(toExpression(plain(table), condition))
  return query
}

/** Columns to be selected; their names are of no interest, as rows come as arrays. */
export function selectionOf(
  table: Table,
  columns: readonly TableColumn[] = table.columns,
  alias = table.model.table,
) {
  return columns.map(({ name, select }, i) => {
    const column = refTo({ alias }, name)
    // Under its own name an expression would stand in place of the column in ORDER BY.
    return select ? sql`${select(column)}`.as(`_${i}`) : column.as(name)
  })
}

type Selecting = ReturnType<typeof from>

/** The columns of what is joined behind those of the query. */
export function withJoined(query: Selecting, joins: readonly Joined[]): Selecting {
  return joins.reduce(
    (rows, { link, tree, alias, from: before }) =>
      rows
        .leftJoin(
          `${link.target.table} as ${alias}`,
          `${alias}.${link.to}`,
          `${before}.${link.from}`,
        )
        .select(selectionOf(tree.table, tree.columns, alias)),
    query,
  )
}

/** What an insert answers: the row, and where its key was given, what makes the database count on from it. */
function insertedOf(table: Table, given: readonly TableColumn[]) {
  const row = selectionOf(table)
  const key = given.find(({ column }) => column.presence === 'key')
  const counted = key && table.dialect.countFrom?.(table.model.table, key.name)
  return counted ? [...row, sql`${counted}`.as('_counted')] : row
}

/** What stands behind ORDER BY. */
export function orderOf(table: Table, order: readonly string[]): Expression<unknown> {
  const parts = order.map((each) => {
    const { column, isDescending } = toSorted(table, each)
    return table.dialect.order(
      refTo(plain(table), column.name),
      isDescending,
      column.column.isNullable,
    )
  })
  return sql`${sql.join(parts)}`
}

function placeholders(given: readonly string[]): Record<string, number> {
  return Object.fromEntries(given.map((name) => [name, VALUE]))
}
