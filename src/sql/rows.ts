import { Bound } from './bound.ts'
import { compileByKey, compileDelete, compileInsert, compileUpdate } from './compile.ts'
import type { Condition } from './condition.ts'
import type { Executor, Query, SQLValue, StoredRow } from './driver.ts'
import { DataError } from './errors.ts'
import type { Columns, InsertOf, KeyOf, RowOf, UpdateOf } from './model.ts'
import type { Table, TableColumn } from './table.ts'

/** @returns undefined when no row has this key */
export async function getRow<C extends Columns>(
  executor: Executor,
  table: Table<C>,
  key: KeyOf<C>,
): Promise<RowOf<C> | undefined> {
  const query = queryFor(table, 'get', () => compileByKey(table), 'row')
  const stored = executor.execute(query, [table.key.compare(key)])
  return toRow(table, stored instanceof Promise ? await stored : stored)
}

/** @returns the row as it is stored, with its key and defaults */
export async function insertRow<C extends Columns>(
  executor: Executor,
  table: Table<C>,
  values: InsertOf<C>,
): Promise<RowOf<C>> {
  const given = toInsert(table, values)
  if (!table.dialect.features.returning.insert) return insertThenGet(executor, table, given)
  const query = queryFor(
    table,
    `insert ${marks(given)}`,
    () => compileInsert(table, names(given), 'row'),
    'row',
  )
  const stored = executor.execute(query, valuesOf(given))
  const row = toRow(table, stored instanceof Promise ? await stored : stored)
  if (row) return row
  throw new DataError(`The insert into "${table.model.table}" gave no row back.`)
}

/** @returns the row after the update; undefined when no row has this key */
export async function updateRow<C extends Columns>(
  executor: Executor,
  table: Table<C>,
  key: KeyOf<C>,
  patch: UpdateOf<C>,
): Promise<RowOf<C> | undefined> {
  const given = toUpdate(table, patch)
  if (given.length === 0) return getRow(executor, table, key)
  if (!table.dialect.features.returning.update) return updateThenGet(executor, table, key, given)
  const query = queryFor(
    table,
    `update ${marks(given)}`,
    () => compileUpdate(table, names(given), { [table.key.name]: 0 }, 'row'),
    'row',
  )
  const stored = executor.execute(query, [...valuesOf(given), table.key.compare(key)])
  return toRow(table, stored instanceof Promise ? await stored : stored)
}

/** @returns how many rows were meant */
export async function updateRows<C extends Columns>(
  executor: Executor,
  table: Table<C>,
  condition: Condition<C>,
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
  const compile = () => compileDelete(table, { [table.key.name]: 0 })
  const query = queryFor(table, 'delete', compile, 'count')
  return (await executor.execute(query, [table.key.compare(key)])) > 0
}

/** @returns how many rows there were */
export async function deleteRows<C extends Columns>(
  executor: Executor,
  table: Table<C>,
  condition: Condition<C>,
): Promise<number> {
  const bound = new Bound(table, 'deleteMany ')
  bound.addCondition(condition)
  const query = queryFor(table, bound.key, () => compileDelete(table, condition), 'count')
  return executor.execute(query, bound.values)
}

/** The same as an insert that returns its row, where there is none: in the same transaction nobody else changes it between. */
async function insertThenGet<C extends Columns>(
  executor: Executor,
  table: Table<C>,
  given: readonly Given[],
): Promise<RowOf<C>> {
  const compile = () => compileInsert(table, names(given), 'result')
  const query = queryFor(table, `insert ${marks(given)}`, compile, 'result')
  const { insertId = null } = await executor.execute(query, valuesOf(given))
  const key = given.find(({ column }) => column.name === table.key.name)?.value ?? insertId
  const get = queryFor(table, 'get', () => compileByKey(table), 'row')
  const row = toRow(table, await executor.execute(get, [key]))
  if (row) return row
  throw new DataError(`The insert into "${table.model.table}" gave no row back.`)
}

/** The same as an update that returns its row, where there is none: in the same transaction nobody else changes it between. */
async function updateThenGet<C extends Columns>(
  executor: Executor,
  table: Table<C>,
  key: KeyOf<C>,
  given: readonly Given[],
): Promise<RowOf<C> | undefined> {
  const compile = () => compileUpdate(table, names(given), { [table.key.name]: 0 }, 'count')
  const query = queryFor(table, `update ${marks(given)}`, compile, 'count')
  const count = await executor.execute(query, [...valuesOf(given), table.key.compare(key)])
  return count > 0 ? getRow(executor, table, key) : undefined
}

export type QueryOf<F extends Query['fetch']> = Query & { readonly fetch: F }

/** The compiled query of a shape; compiled when it is asked for the first time. */
export function queryFor<F extends Query['fetch']>(
  table: Table,
  key: string,
  compile: () => Query,
  _fetch: F,
): QueryOf<F> {
  let query = table.queries.get(key)
  if (!query) {
    query = compile()
    table.queries.set(key, query)
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the key begins with the operation, which fetches one way
  return query as QueryOf<F>
}

function toRow<C extends Columns>(
  table: Table<C>,
  stored: StoredRow | undefined,
): RowOf<C> | undefined {
  return stored === undefined ? undefined : table.decode(stored)
}

interface Given {
  readonly column: TableColumn
  readonly value: SQLValue
}

/** What is stored: what is given, else the column's default, else null. The key only when it is given. */
function toInsert(table: Table, values: object): Given[] {
  checkNames(table, values)
  const at = new Date()
  const stored: Given[] = []
  for (const column of table.columns) {
    const given: unknown = Reflect.get(values, column.name)
    const value = given === undefined ? defaultOf(column, at) : given
    const isAbsentKey = column === table.key && (value === undefined || value === null)
    if (!isAbsentKey) stored.push({ column, value: toStored(column, value) })
  }
  return stored
}

function defaultOf({ column: { initial } }: TableColumn, at: Date): unknown {
  return typeof initial === 'function' ? initial(at) : initial
}

/** What is set: what is given, and what changes with every update. Nothing when nothing is given. */
function toUpdate(table: Table, patch: object): Given[] {
  checkNames(table, patch)
  const isEmpty = Object.values(patch).every((value) => value === undefined)
  if (isEmpty) return []
  const at = new Date()
  return table.columns.flatMap((column): Given[] => {
    const given: unknown = Reflect.get(patch, column.name)
    const value = given === undefined ? column.column.makeOnUpdate?.(at) : given
    return value === undefined ? [] : [{ column, value: toStored(column, value) }]
  })
}

function checkNames(table: Table, values: object): void {
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

function names(given: readonly Given[]): string[] {
  return given.map(({ column }) => column.name)
}

function valuesOf(given: readonly Given[]): SQLValue[] {
  return given.map(({ value }) => value)
}
