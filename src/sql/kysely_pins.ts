import {
  AndNode,
  BinaryOperationNode,
  DeleteQueryNode,
  InsertQueryNode,
  type OperationNode,
  OperatorNode,
  ParensNode,
  PrimitiveValueListNode,
  SelectQueryNode,
  UpdateQueryNode,
  ValueListNode,
  ValueNode,
  ValuesNode,
} from 'kysely'
import type { Pins } from './driver.ts'
import { nameOfColumn } from './kysely_touches.ts'
import { keyColumnsOf, toKeyText } from './pins.ts'
import type { Table } from './table.ts'

/** The keys that a statement of Kysely pins, which names one table, this one, once. */
export function pinnedByNode(root: OperationNode, table: Table): Pins | undefined {
  const keys = InsertQueryNode.is(root) ? keysInserted(root, table) : keysChosen(root, table)
  if (keys === 'given by the database') {
    return { table: table.model.table, keysOf: (_values, answer) => insertedKey(answer) }
  }
  return keys && { table: table.model.table, keysOf: () => keys }
}

function keysChosen(root: OperationNode, table: Table): readonly string[] | undefined {
  if (!SelectQueryNode.is(root) && !UpdateQueryNode.is(root) && !DeleteQueryNode.is(root)) {
    return undefined
  }
  const columns = keyColumnsOf(table)
  const isMoved =
    UpdateQueryNode.is(root) &&
    root.updates?.some(({ column }) => table.model.primaryKey.includes(nameOfColumn(column) ?? ''))
  if (!root.where || !columns || isMoved) return undefined
  const matches = matchesIn(root.where.where)
  const values = columns.map(({ name }) => matches.get(name))
  const [first] = values
  if (!first) return undefined
  if (values.length === 1)
    return toKeys(
      table,
      first.map((value) => [value]),
    )
  const single = values.map((each) => (each?.length === 1 ? each[0] : undefined))
  return single.includes(undefined) ? undefined : toKeys(table, [single])
}

type Match = readonly [name: string, values: readonly unknown[]]

/** The columns that must be equal to one of some values. */
function matchesIn(node: OperationNode): ReadonlyMap<string, readonly unknown[]> {
  return new Map(conditionsIn(node).flatMap((condition) => matchOf(condition) ?? []))
}

function conditionsIn(node: OperationNode): OperationNode[] {
  if (ParensNode.is(node)) return conditionsIn(node.node)
  return AndNode.is(node) ? [...conditionsIn(node.left), ...conditionsIn(node.right)] : [node]
}

function matchOf(node: OperationNode): [Match] | undefined {
  if (!BinaryOperationNode.is(node) || !OperatorNode.is(node.operator)) return undefined
  const name = nameOfColumn(node.leftOperand)
  const { operator } = node.operator
  const values = operator === '=' || operator === 'in' ? valuesIn(node.rightOperand) : undefined
  return name === undefined || !values ? undefined : [[name, values]]
}

/** @returns undefined where it is no value, or not all are */
function valuesIn(node: OperationNode | undefined): readonly unknown[] | undefined {
  if (!node) return undefined
  if (ValueNode.is(node)) return [node.value]
  if (PrimitiveValueListNode.is(node)) return node.values
  if (ParensNode.is(node)) return valuesIn(node.node)
  if (!ValueListNode.is(node)) return undefined
  const values = node.values.map(valuesIn)
  return values.every((each) => each !== undefined) ? values.flat() : undefined
}

/** What is stored in place of a row that is there already has other keys, perhaps. */
function keysInserted(node: InsertQueryNode, table: Table) {
  if (node.onConflict || node.onDuplicateKey || node.replace || node.orAction) return undefined
  if (!node.values || !ValuesNode.is(node.values)) return undefined
  const rows = node.values.values
  const names = node.columns?.map(nameOfColumn) ?? []
  const [key, ...more] = keyColumnsOf(table) ?? []
  if (!key || more.length > 0) return undefined
  const at = names.indexOf(key.name)
  const isGiven = at === -1 && rows.length === 1 && key.column.presence === 'key'
  if (isGiven) return 'given by the database'
  const keys = rows.map((row) => rowValue(row, at))
  return keys.includes(undefined)
    ? undefined
    : toKeys(
        table,
        keys.map((value) => [value]),
      )
}

function rowValue(row: OperationNode, at: number): unknown {
  if (PrimitiveValueListNode.is(row)) return row.values[at]
  return ValueListNode.is(row) ? valuesIn(row.values[at])?.[0] : undefined
}

function insertedKey(answer: unknown): readonly string[] | undefined {
  if (typeof answer !== 'object' || answer === null || !('insertId' in answer)) return undefined
  return typeof answer.insertId === 'bigint' ? [toKeyText([answer.insertId])] : undefined
}

/** @returns undefined when one is no value of the key */
function toKeys(table: Table, rows: readonly (readonly unknown[])[]): string[] | undefined {
  const columns = keyColumnsOf(table) ?? []
  try {
    return rows.map((row) => toKeyText(columns.map((column, i) => column.compare(row[i]))))
  } catch {
    return undefined
  }
}
