import { sql } from 'kysely'
import { orderOf, selectionOf } from './compile.ts'
import type { Query } from './driver.ts'
import { listOf, plain, refTo } from './expression.ts'
import type { Link } from './link.ts'
import { reading } from './model_touches.ts'
import type { Table } from './table.ts'

/**
 * The rows that a relation leads to from any of `count` values; where there is a row in between, its value
 * stands behind the columns.
 */
export function compileRelated(table: Table, link: Link, count: number): Query {
  const target = table.other(link.target)
  const { compiler } = table.dialect
  const rows = compiler.selectFrom(link.target.table).select(selectionOf(target))
  const { through } = link
  if (!through) {
    const list = listOf(target, target.column(link.to), count)
    const query = rows.where(sql<boolean>`${refTo(plain(target), link.to)} in (${list})`)
    // By the value first, as an index on a foreign key has its rows: then the database need not sort.
    const ordered = link.isMany ? query.orderBy(orderOf(target, [link.to, ...link.orderBy])) : query
    const touching = reading(target, [{ [link.to]: Array.from({ length: count }, () => 0) }])
    return { sql: ordered.compile().sql, fetch: 'rows', access: 'read', ...touching }
  }
  const between = table.other(through.model)
  const own = refTo(plain(between), through.from)
  const { select } = between.column(through.from)
  const list = listOf(between, between.column(through.from), count)
  const query = rows
    .select(sql`${select ? select(own) : own}`.as('_key'))
    .innerJoin(
      through.model.table,
      `${through.model.table}.${through.to}`,
      `${link.target.table}.${link.to}`,
    )
    .where(sql<boolean>`${own} in (${list})`)
    .orderBy(orderOf(target, link.orderBy))
  const touching = reading(target, [], through.model.table)
  return { sql: query.compile().sql, fetch: 'rows', access: 'read', ...touching }
}
