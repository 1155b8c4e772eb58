import { Bound } from './bound.ts'
import {
  compileByKey,
  compileDelete,
  compileInsert,
  compileUpdate,
  keyCondition,
} from './compile.ts'
import type { AnyCondition } from './condition.ts'
import type { Awaitable, Executor, SQLValue, StoredRow } from './driver.ts'
import type { Columns, InsertOf, KeyOf, RowOf, UpdateOf } from './model.ts'
import { queryFor } from './query_for.ts'
import type { Table, TableColumn } from './table.ts'
import { insertThenGet, keyNames, requireRow, updateThenGet } from './then_get.ts'

/** @param isLocked to open the transaction, and hold the row. @returns undefined when no row has this key */
export async function getRow<C extends Columns>(
  executor: Executor,
  table: Table<C>,
  key: KeyOf<C>,
  isLocked = false,
): Promise<RowOf<C> | undefined> {
  return readRow(executor, table, key, isLocked)
}

/** The same, at once where the database answers at once. */
export function readRow<C extends Columns>(
  executor: Executor,
  table: Table<C>,
  key: KeyOf<C>,
  isLocked = false,
): Awaitable<RowOf<C> | undefined> {
  const shape = isLocked ? 'get lock' : 'get'
  const query = queryFor(table, shape, () => compileByKey(table, isLocked), 'row')
  const stored = executor.execute(query, table.keyValues(key))
  if (!(stored instanceof Promise)) return toRow(table, stored)
  return stored.then((row) => toRow(table, row))
}

/** @returns the row as it is stored, with its key and defaults */
export async function insertRow<C extends Columns>(
  executor: Executor,
  table: Table<C>,
  values: InsertOf<C>,
): Promise<RowOf<C>> {
  checkNames(table, values)
  const { columns, mark } = table.insertShape(values)
  const bound = toInsert(columns, values)
  const compile = () => compileInsert(table, columns)
  if (!table.dialect.features.returning.insert) {
    const query = queryFor(table, `insert ${mark}`, compile, 'result')
    return insertThenGet(executor, table, query, { columns, values: bound }, keyNames(table))
  }
  const stored = executor.execute(queryFor(table, `insert ${mark}`, compile, 'row'), bound)
  return requireRow(table, stored instanceof Promise ? await stored : stored)
}

/** @param version that the row must have. @returns the row after the update; undefined when no row has this key */
export async function updateRow<C extends Columns>(
  executor: Executor,
  table: Table<C>,
  key: KeyOf<C>,
  patch: UpdateOf<C>,
  version?: unknown,
): Promise<RowOf<C> | undefined> {
  const given = toUpdate(table, patch)
  if (given.length === 0) return getRow(executor, table, key)
  const expected = version === undefined ? undefined : table.version
  const condition = () => ({ ...keyCondition(table), ...(expected && { [expected.name]: 0 }) })
  const shape = `update ${marks(given)}${expected ? ' version' : ''}`
  const keyValues = table.keyValues(key)
  const values = [...valuesOf(given), ...keyValues]
  if (expected) values.push(expected.compare(version))
  if (!table.dialect.features.returning.update) {
    const compile = () => compileUpdate(table, names(given), condition(), 'count')
    const query = queryFor(table, shape, compile, 'count')
    return updateThenGet(executor, table, query, values, keyValues)
  }
  const compile = () => compileUpdate(table, names(given), condition(), 'row')
  const stored = executor.execute(queryFor(table, shape, compile, 'row'), values)
  return toRow(table, stored instanceof Promise ? await stored : stored)
}

/** @returns how many rows were meant */
export async function updateRows<C extends Columns>(
  executor: Executor,
  table: Table<C>,
  condition: AnyCondition,
  patch: UpdateOf<C>,
): Promise<number> {
  const given = toUpdate(table, patch)
  if (given.length === 0) throw new TypeError('updateMany() was given nothing to set.')
  const bound = new Bound(table, `updateMany ${marks(given)} `)
  bound.values.push(...valuesOf(given))
  bound.addCondition(condition)
  const compile = () => compileUpdate(table, names(given), condition, 'count')
  return executor.execute(queryFor(table, bound.key, compile, 'count'), bound.values)
}

/** @returns whether there was such a row */
export async function deleteRow<C extends Columns>(
  executor: Executor,
  table: Table<C>,
  key: KeyOf<C>,
): Promise<boolean> {
  const compile = () => compileDelete(table, keyCondition(table))
  const query = queryFor(table, 'delete', compile, 'count')
  return (await executor.execute(query, table.keyValues(key))) > 0
}

/** @returns how many rows there were */
export async function deleteRows<C extends Columns>(
  executor: Executor,
  table: Table<C>,
  condition: AnyCondition,
): Promise<number> {
  const bound = new Bound(table, 'deleteMany ')
  bound.addCondition(condition)
  const query = queryFor(table, bound.key, () => compileDelete(table, condition), 'count')
  return executor.execute(query, bound.values)
}

function toRow<C extends Columns>(
  table: Table<C>,
  stored: StoredRow | undefined,
): RowOf<C> | undefined {
  return stored === undefined ? undefined : table.decode(stored)
}

/** A value for a column. */
interface Given {
  readonly column: TableColumn
  readonly value: SQLValue
}

/** What is stored: what is given, else the column's default, else null. */
export function toInsert(columns: readonly TableColumn[], values: object): SQLValue[] {
  const at = new Date()
  return columns.map((column) => {
    const given: unknown = Reflect.get(values, column.name)
    return toStored(column, given === undefined ? defaultOf(column, at) : given)
  })
}

function defaultOf({ column: { initial } }: TableColumn, at: Date): unknown {
  return typeof initial === 'function' ? initial(at) : initial
}

/** What is set: what is given, and what changes with every update. Nothing when nothing is given. */
export function toUpdate(table: Table, patch: object): Given[] {
  checkNames(table, patch)
  const isEmpty = Object.values(patch).every((value) => value === undefined)
  if (isEmpty) return []
  const at = new Date()
  return table.columns.flatMap((column): Given[] => {
    if (column === table.version) return []
    const given: unknown = Reflect.get(patch, column.name)
    const value = given === undefined ? column.column.makeOnUpdate?.(at) : given
    return value === undefined ? [] : [{ column, value: toStored(column, value) }]
  })
}

/** @throws {TypeError} for a name that is no column */
export function checkNames(table: Table, values: object): void {
  for (const name of Object.keys(values)) table.column(name)
}

function toStored(column: TableColumn, value: unknown): SQLValue {
  return value === null || value === undefined ? null : column.bind(value)
}

function marks(given: readonly Given[]): string {
  let text = ''
  for (const { column } of given) text += `${column.mark},`
  return text
}

export function names(given: readonly Given[]): string[] {
  return given.map(({ column }) => column.name)
}

function valuesOf(given: readonly Given[]): SQLValue[] {
  return given.map(({ value }) => value)
}
