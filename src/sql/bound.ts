import type { SQLValue } from './driver.ts'
import { type Condition, Compound } from './condition.ts'
import type { Columns } from './model.ts'
import type { Table, TableColumn } from './table.ts'
import type { TextOperator } from './dialect.ts'

const MAX_LIST = 10_000

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
  addCondition(condition: Condition<Columns>): void {
    if (condition instanceof Compound) return this.#addCompound(condition)
    for (const name of Object.keys(condition)) {
      this.#addMatch(this.#table.column(name), condition[name])
    }
  }

  #addCompound({ join, parts }: Compound): void {
    this.key += `${join}(`
    for (const part of parts) {
      this.addCondition(part)
      this.key += ','
    }
    this.key += ')'
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
      column.compare(operand)
      return this.#table.dialect.textOperator(operator, String(operand))
    }
    if (COMPARISONS.has(operator)) return column.compare(operand)
    const known = [...COMPARISONS, ...TEXT_OPERATORS, 'in', 'notIn', 'isNull'].join(', ')
    throw new TypeError(
      `There is no operator "${operator}" (on "${column.name}"). There are ${known}.`,
    )
  }

  #addList({ name, mark, compare }: TableColumn, operator: string, operand: unknown): void {
    if (!Array.isArray(operand) || operand.length > MAX_LIST) {
      throw new TypeError(`"${operator}" on "${name}" takes a list of at most ${MAX_LIST} values.`)
    }
    const size = paddedSize(operand.length)
    this.key += `${mark}${operator}${size};`
    for (let i = 0; i < size; i++) {
      this.values.push(compare(operand[Math.min(i, operand.length - 1)]))
    }
  }
}

/** Lists are filled up with their last value to powers of two, so that few statements serve all lengths. */
export function paddedSize(length: number): number {
  return length === 0 ? 0 : 2 ** Math.ceil(Math.log2(length))
}

const COMPARISONS: ReadonlySet<string> = new Set(['eq', 'ne', 'gt', 'gte', 'lt', 'lte'])
const TEXT_OPERATORS: ReadonlySet<string> = new Set(['like', 'contains', 'startsWith'])

export function isTextOperator(operator: string): operator is TextOperator {
  return TEXT_OPERATORS.has(operator)
}

/** Whether it is an object of operators, not a value to be equal to. */
export function isOperators(match: unknown): match is Readonly<Record<string, unknown>> {
  return (
    typeof match === 'object' && match !== null && !(match instanceof Date) && !Array.isArray(match)
  )
}

function requireNullable(name: string, operator: string): string {
  if (operator === 'eq' || operator === 'ne') return operator
  throw new TypeError(`"${operator}" on "${name}" takes a value, not null.`)
}
