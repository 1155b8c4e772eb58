import { sql } from 'kysely'
import { orderOf, selectionOf, withJoined } from './compile.ts'
import type { Query } from './driver.ts'
import { listOf, plain, refTo } from './expression.ts'
import type { Link } from './link.ts'
import { readingJoined } from './model_touches.ts'
import type { Table } from './table.ts'
import { joinsIn, type Tree } from './tree.ts'

/**
 * The rows that a relation leads to from any of `count` values, with what is joined to them; where there is a row
 * in between, its value stands behind all columns.
 */
export function compileRelated(table: Table, link: Link, count: number, tree: Tree): Query {
  const target = tree.table
  const { through } = link
  const joins = joinsIn(tree)
  const selection = table.dialect.compiler.selectFrom(link.target.table).select(selectionOf(target))
  const rows = withJoined(selection, joins)
  if (!through) {
    const list = listOf(target, target.column(link.to), count)
    const query = rows.where(sql<boolean>`${refTo(plain(target), link.to)} in (${list})`)
    // By the value first, as an index on a foreign key has its rows: then the database need not sort.
    const ordered = link.isUnique
      ? query
      : query.orderBy(orderOf(target, [link.to, ...link.orderBy]))
    const keys = { [link.to]: Array.from({ length: count }, () => 0) }
    const touching = readingJoined(target, [keys], joins)
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
  const touching = readingJoined(target, [], joins, through.model.table)
  return { sql: query.compile().sql, fetch: 'rows', access: 'read', ...touching }
}
