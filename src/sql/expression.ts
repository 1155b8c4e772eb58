import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely'
import { isOperators, isTextOperator, paddedSize } from './bound.ts'
import { Compound, type Condition } from './condition.ts'
import type { Columns } from './model.ts'
import type { Table } from './table.ts'

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

/** The condition as Kysely's tree; values stand in the order in which {@link Bound} collects them. */
export function toExpression(table: Table, condition: Condition<Columns>): Bool {
  if (condition instanceof Compound) return fromCompound(table, condition)
  const matches = Object.entries(condition).map(([name, match]) => fromMatch(table, name, match))
  return all(matches)
}

/** The column with its table, as a statement may know others of this name. */
export function refTo(table: Table, name: string): RawBuilder<unknown> {
  return sql.ref(`${table.model.table}.${name}`)
}

function fromCompound(table: Table, { join, parts }: Compound): Bool {
  const expressions = parts.map((part) => toExpression(table, part))
  if (join === 'not') return sql<SqlBool>`not ${all(expressions)}`
  if (join === 'and') return all(expressions)
  return expressions.length === 0 ? FALSE : sql<SqlBool>`(${sql.join(expressions, sql` or `)})`
}

function all(expressions: readonly Bool[]): Bool {
  return expressions.length === 0 ? TRUE : sql<SqlBool>`(${sql.join(expressions, sql` and `)})`
}

const TRUE = sql<SqlBool>`(1 = 1)`
const FALSE = sql<SqlBool>`(1 = 0)`

function fromMatch(table: Table, name: string, match: unknown): Bool {
  if (isOperators(match)) {
    return all(
      Object.entries(match).map(([operator, operand]) => {
        return fromOperator(table, name, operator, operand)
      }),
    )
  }
  return fromOperator(table, name, Array.isArray(match) ? 'in' : 'eq', match)
}

function fromOperator(table: Table, name: string, operator: string, operand: unknown): Bool {
  const column = refTo(table, name)
  if (Array.isArray(operand)) return fromList(column, operator, operand.length)
  if (operator === 'isNull') return nullTest(column, operand === true)
  if (operand === null) return nullTest(column, operator === 'eq')
  if (!isTextOperator(operator)) {
    return sql<SqlBool>`${column} ${sql.raw(SQL_OPERATORS[operator] ?? '')} ${VALUE}`
  }
  const form = table.dialect.textOperatorSQL(operator)
  return 'infix' in form
    ? sql<SqlBool>`${column} ${sql.raw(form.infix)} ${VALUE}`
    : sql<SqlBool>`${sql.raw(form.call)}(${column}, ${VALUE}) > 0`
}

function nullTest(column: Expression<unknown>, isNull: boolean): Bool {
  return sql<SqlBool>`${column} ${sql.raw(isNull ? 'is null' : 'is not null')}`
}

function fromList(column: Expression<unknown>, operator: string, length: number): Bool {
  if (length === 0) return operator === 'in' ? FALSE : TRUE
  const values = Array.from({ length: paddedSize(length) }, () => sql`${VALUE}`)
  const keyword = sql.raw(operator === 'in' ? 'in' : 'not in')
  return sql<SqlBool>`${column} ${keyword} (${sql.join(values)})`
}
