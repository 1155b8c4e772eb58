import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely'
import { isOperators, isTextOperator } from './bound.ts'
import { type AnyCondition, Compound } from './condition.ts'
import type { Link } from './link.ts'
import type { Table, TableColumn } from './table.ts'
import { paddedSize } from './value_list.ts'

type Bool = Expression<SqlBool>

/** Stands for a value where a query is compiled. */
const VALUE = 0

const SQL_OPERATORS: Readonly<Record<string, string>> = {
  eq: '=',
  ne: '<>',
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
}

/** A table as a statement names it. */
export interface Aliased {
  readonly table: Table
  readonly alias: string
}

/** The table under its own name. */
export function plain(table: Table): Aliased {
  return { table, alias: table.model.table }
}

/** The condition as Kysely's tree; values stand in the order in which {@link Bound} collects them. */
export function toExpression(from: Aliased, condition: AnyCondition): Bool {
  if (condition instanceof Compound) return fromCompound(from, condition)
  return all(
    Object.entries(condition).map(([name, match]: [string, unknown]) => {
      return from.table.links.has(name)
        ? fromRelated(from, from.table.link(name), match)
        : fromMatch(from, from.table.column(name), match)
    }),
  )
}

/** The column with its table, as a statement may know others of this name. */
export function refTo({ alias }: Pick<Aliased, 'alias'>, name: string): RawBuilder<unknown> {
  return sql.ref(`${alias}.${name}`)
}

function fromCompound(from: Aliased, { join, parts }: Compound): Bool {
  const expressions = parts.map((part) => toExpression(from, part))
  if (join === 'not') return sql<SqlBool>`not ${all(expressions)}`
  if (join === 'and') return all(expressions)
  return expressions.length === 0 ? FALSE : sql<SqlBool>`(${sql.join(expressions, sql` or `)})`
}

/** The conditions joined; true of none. */
export function all(expressions: readonly Bool[]): Bool {
  return expressions.length === 0 ? TRUE : sql<SqlBool>`(${sql.join(expressions, sql` and `)})`
}

const TRUE = sql<SqlBool>`(1 = 1)`
const FALSE = sql<SqlBool>`(1 = 0)`

/** There is a related row for which the condition holds. Tables get names of their own: one may lead to itself. */
function fromRelated(from: Aliased, link: Link, match: unknown): Bool {
  const target: Aliased = { table: from.table.other(link.target), alias: `${from.alias}_` }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Bound made sure
  const condition = toExpression(target, match as AnyCondition)
  const rows = sql`${sql.table(link.target.table)} as ${sql.table(target.alias)}`
  const own = refTo(from, link.from)
  const { through } = link
  if (!through) {
    return sql<SqlBool>`exists (select 1 from ${rows} where ${refTo(target, link.to)} = ${own} and ${condition})`
  }
  const between = { alias: `${target.alias}t` }
  return sql<SqlBool>`exists (select 1 from ${rows} inner join ${sql.table(through.model.table)} as ${sql.table(between.alias)}
    on ${refTo(between, through.to)} = ${refTo(target, link.to)}
    where ${refTo(between, through.from)} = ${own} and ${condition})`
}

/** The condition on one column. */
function fromMatch(from: Aliased, column: TableColumn, match: unknown): Bool {
  if (!isOperators(match)) {
    return fromOperator(from, column, Array.isArray(match) ? 'in' : 'eq', match)
  }
  return all(
    Object.entries(match).map(([operator, operand]) => {
      return fromOperator(from, column, operator, operand)
    }),
  )
}

function fromOperator(
  from: Aliased,
  column: TableColumn,
  operator: string,
  operand: unknown,
): Bool {
  const ref = refTo(from, column.name)
  if (Array.isArray(operand)) return fromList(from, column, operator, operand.length)
  if (operator === 'isNull') return nullTest(ref, operand === true)
  if (operand === null) return nullTest(ref, operator === 'eq')
  if (!isTextOperator(operator)) {
    return sql<SqlBool>`${ref} ${sql.raw(SQL_OPERATORS[operator] ?? '')} ${VALUE}`
  }
  const form = from.table.dialect.textOperatorSQL(operator)
  return 'infix' in form
    ? sql<SqlBool>`${ref} ${sql.raw(form.infix)} ${VALUE}`
    : sql<SqlBool>`${sql.raw(form.call)}(${ref}, ${VALUE}) > 0`
}

function nullTest(ref: Expression<unknown>, isNull: boolean): Bool {
  return sql<SqlBool>`${ref} ${sql.raw(isNull ? 'is null' : 'is not null')}`
}

function fromList(from: Aliased, column: TableColumn, operator: string, length: number): Bool {
  if (length === 0) return operator === 'in' ? FALSE : TRUE
  const keyword = sql.raw(operator === 'in' ? 'in' : 'not in')
  const list = listOf(from.table, column, length)
  return sql<SqlBool>`${refTo(from, column.name)} ${keyword} (${list})`
}

/** What stands between the parentheses of `in`, for a list of this length. */
export function listOf(
  { dialect }: Table,
  { column }: TableColumn,
  length: number,
): Expression<unknown> {
  const size = paddedSize(length, dialect)
  if (size === 'json') return dialect.selectFromJSON(sql`${VALUE}`, column.type)
  return sql`${sql.join(Array.from({ length: size }, () => sql`${VALUE}`))}`
}
