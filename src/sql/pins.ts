import { isOperators } from './bound.ts'
import { type AnyCondition, Compound } from './condition.ts'
import type { Dialect } from './dialect.ts'
import type { Pins, SQLValue } from './driver.ts'
import type { Table, TableColumn } from './table.ts'
import { paddedSize } from './value_list.ts'

/** One key as text: the value as it is bound; of several columns, the list of them in JSON. */
export function toKeyText(values: readonly SQLValue[]): string {
  return values.length === 1
    ? toText(values[0] ?? null)
    : JSON.stringify(values.map((value) => toText(value)))
}

function toText(value: SQLValue): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value)
}

/** The columns of the key. Undefined where texts that are not the same may be equal, so that it has no one text. */
export function keyColumnsOf(table: Table): readonly TableColumn[] | undefined {
  return table.keys.some(({ column }) => column.collation) ? undefined : table.keys
}

/**
 * The keys that conditions pin, all of which must hold.
 *
 * @param first where their values begin among those of the statement
 */
export function pinnedBy(
  table: Table,
  conditions: readonly AnyCondition[],
  first = 0,
): Pins | undefined {
  const places = new Map<string, readonly number[]>()
  let at = first
  for (const condition of conditions) {
    if (condition instanceof Compound) return undefined
    for (const [name, match] of Object.entries<unknown>({ ...condition })) {
      // A relation is a statement within the statement, perhaps of the same table.
      if (table.links.has(name)) return undefined
      const count = valueCountOf(match, table.dialect)
      if (isPinning(match, table.dialect)) places.set(name, rangeFrom(at, count))
      at += count
    }
  }
  return toPins(table, places)
}

function toPins(table: Table, places: ReadonlyMap<string, readonly number[]>): Pins | undefined {
  const columns = keyColumnsOf(table)?.map(({ name }) => places.get(name))
  const [first] = columns ?? []
  if (!columns || !first) return undefined
  if (columns.length === 1) return pinsOf(table, (values) => first.map((at) => [values[at]]))
  const each = columns.map((found) => (found?.length === 1 ? found[0]! : -1))
  if (each.includes(-1)) return undefined
  return pinsOf(table, (values) => [each.map((at) => values[at])])
}

type Keys = readonly (readonly (SQLValue | undefined)[])[]

function pinsOf(table: Table, toKeys: (values: readonly SQLValue[]) => Keys): Pins {
  return {
    table: table.model.table,
    keysOf: (values) => toKeys(values).map((key) => toKeyText(key.map((value) => value ?? null))),
  }
}

/**
 * The keys of the rows that a statement answers: all columns, in the model's order.
 *
 * @param first where they begin in the answer; where they are null there is no row
 */
export function pinnedByAnswer(table: Table, fetch: 'row' | 'rows', first = 0): Pins | undefined {
  const columns = keyColumnsOf(table)
  if (!columns) return undefined
  const places = columns.map((column) => first + table.columns.indexOf(column))
  const hasRow = (row: readonly unknown[]) => row[places[0]!] !== null
  const keyOf = (row: readonly unknown[]) =>
    toKeyText(
      columns.map((column, i) => {
        const stored = row[places[i]!]
        return column.compare(column.decode ? column.decode(stored) : stored)
      }),
    )
  return {
    table: table.model.table,
    keysOf(_values, answer) {
      if (!Array.isArray(answer)) return undefined
      const rows: readonly (readonly unknown[])[] = fetch === 'row' ? [answer] : answer
      return rows.filter(hasRow).map(keyOf)
    },
  }
}

function isPinning(match: unknown, dialect: Dialect): boolean {
  if (Array.isArray(match)) return isBoundOneByOne(match, dialect)
  if (!isOperators(match)) return match !== null
  const operators = Object.keys(match)
  if (operators.length !== 1) return false
  return 'eq' in match ? match['eq'] !== null : isBoundOneByOne(match['in'], dialect)
}

function isBoundOneByOne(list: unknown, dialect: Dialect): boolean {
  return Array.isArray(list) && list.length > 0 && paddedSize(list.length, dialect) !== 'json'
}

/** How many values a match binds; as `Bound` collects them. */
function valueCountOf(match: unknown, dialect: Dialect): number {
  if (Array.isArray(match)) {
    const size = paddedSize(match.length, dialect)
    return size === 'json' ? 1 : size
  }
  if (!isOperators(match)) return match === null ? 0 : 1
  let count = 0
  for (const [operator, operand] of Object.entries(match)) {
    if (operator !== 'isNull') count += isOperators(operand) ? 1 : valueCountOf(operand, dialect)
  }
  return count
}

function rangeFrom(first: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => first + i)
}
