import type { SQLValue } from './driver.ts'
import { type AnyCondition, Compound } from './condition.ts'
import { paddedSize, pushList } from './value_list.ts'
import type { Link } from './link.ts'
import type { Table, TableColumn } from './table.ts'
import type { TextOperator } from './dialect.ts'

const MAX_LIST = 100_000

/**
 * A query as it is asked: its shape as a key, and its values apart, in the order of the SQL.
 *
 * The key tells whatever changes the SQL, and nothing that the values do. `expression.ts` walks in the same order.
 */
export class Bound {
  key: string
  readonly values: SQLValue[] = []
  readonly #table: Table

  constructor(table: Table, operation: string) {
    this.#table = table
    this.key = operation
  }

  /** @throws {DataError} when a value is not of the column's kind */
  addCondition(condition: AnyCondition, table: Table = this.#table): void {
    if (condition instanceof Compound) return this.#addCompound(condition, table)
    for (const name of Object.keys(condition)) {
      const match: unknown = Reflect.get(condition, name)
      if (table.links.has(name)) this.#addRelated(table.link(name), match, table)
      else this.#addMatch(table.column(name), match)
    }
  }

  #addCompound({ join, parts }: Compound, table: Table): void {
    this.key += `${join}(`
    for (const part of parts) {
      this.addCondition(part, table)
      this.key += ','
    }
    this.key += ')'
  }

  #addRelated({ name, target }: Link, match: unknown, table: Table): void {
    if (typeof match !== 'object' || match === null) {
      throw new TypeError(`The condition on the relation "${name}" is an object of conditions.`)
    }
    this.key += `${name}{`
    this.addCondition(match, table.other(target))
    this.key += '}'
  }

  #addMatch(column: TableColumn, match: unknown): void {
    if (typeof match === 'string' || typeof match === 'number') {
      this.key += column.equalsMark
      this.values.push(column.compare(match))
    } else if (isOperators(match)) {
      const entries = Object.entries(match)
      if (entries.length === 0) throw new TypeError(`The condition on "${column.name}" is empty.`)
      for (const [operator, operand] of entries) this.#addOperator(column, operator, operand)
    } else if (Array.isArray(match)) this.#addOperator(column, 'in', match)
    else this.#addOperator(column, 'eq', match)
  }

  #addOperator(column: TableColumn, operator: string, operand: unknown): void {
    const { name, mark } = column
    if (operand === undefined) {
      throw new TypeError(
        `The condition on "${name}" is undefined. Leave it out where there is none.`,
      )
    }
    if (operator === 'in' || operator === 'notIn') this.#addList(column, operator, operand)
    else if (operator === 'isNull') this.key += `${mark}${operand === true ? 'null' : 'set'};`
    else if (operand === null) this.key += `${mark}${requireNullable(name, operator)}null;`
    else {
      this.key += `${mark}${operator};`
      this.values.push(this.#operand(column, operator, operand))
    }
  }

  #operand(column: TableColumn, operator: string, operand: unknown): SQLValue {
    if (isTextOperator(operator)) {
      requireText(column, operator)
      column.compare(operand)
      return this.#table.dialect.textOperator(operator, String(operand))
    }
    if (COMPARISONS.has(operator)) return column.compare(operand, operator)
    const known = [...COMPARISONS, ...TEXT_OPERATORS, 'in', 'notIn', 'isNull'].join(', ')
    throw new TypeError(
      `There is no operator "${operator}" (on "${column.name}"). There are ${known}.`,
    )
  }

  #addList({ name, mark, compare }: TableColumn, operator: string, operand: unknown): void {
    if (!Array.isArray(operand) || operand.length > MAX_LIST) {
      throw new TypeError(`"${operator}" on "${name}" takes a list of at most ${MAX_LIST} values.`)
    }
    const { dialect } = this.#table
    this.key += `${mark}${operator}${paddedSize(operand.length, dialect)};`
    pushList(
      this.values,
      operand.map((value) => compare(value)),
      dialect,
    )
  }
}

const COMPARISONS: ReadonlySet<string> = new Set(['eq', 'ne', 'gt', 'gte', 'lt', 'lte'])
const TEXT_OPERATORS: ReadonlySet<string> = new Set(['like', 'contains', 'startsWith'])

export function isTextOperator(operator: string): operator is TextOperator {
  return TEXT_OPERATORS.has(operator)
}

const TEXT_TYPES: ReadonlySet<string> = new Set(['string', 'text', 'enumeration'])

function requireText({ name, column }: TableColumn, operator: string): void {
  const type = column.type.name
  if (TEXT_TYPES.has(type)) return
  throw new TypeError(`"${operator}" is for text; "${name}" is ${type}.`)
}

/** Whether it is an object of operators, not a value to be equal to. */
export function isOperators(match: unknown): match is Readonly<Record<string, unknown>> {
  return (
    typeof match === 'object' &&
    match !== null &&
    !(match instanceof Date) &&
    !Array.isArray(match) &&
    !(match instanceof Uint8Array)
  )
}

function requireNullable(name: string, operator: string): string {
  if (operator === 'eq' || operator === 'ne') return operator
  throw new TypeError(`"${operator}" on "${name}" takes a value, not null.`)
}
