import { from, selectionOf } from './compile.ts'
import type { Executor, Query, SQLValue, StoredRow } from './driver.ts'
import { DataError } from './errors.ts'
import { reading } from './model_touches.ts'
import type { Columns, RowOf } from './model.ts'
import { queryFor, type QueryOf } from './query_for.ts'
import type { Table, TableColumn } from './table.ts'

// For databases that do not answer the rows they changed: the row is read in the same transaction, which holds it.

/** What an insert stores; values in the order of the columns. */
interface Inserted {
  readonly columns: readonly TableColumn[]
  readonly values: readonly SQLValue[]
}

/** @param by columns that are together unique. @returns the row that was inserted, or was there before */
export async function insertThenGet<C extends Columns>(
  executor: Executor,
  table: Table<C>,
  query: QueryOf<'result'>,
  { columns, values }: Inserted,
  by: readonly string[],
): Promise<RowOf<C>> {
  const { insertId = null } = await executor.execute(query, values)
  const found = by.map((name) => values[columns.findIndex((column) => column.name === name)])
  const keys = found.map((value) => value ?? insertId)
  return requireRow(table, await getBy(executor, table, by, keys))
}

/** @param keyValues of the row that `query` updates. @returns it after that; undefined when there was none */
export async function updateThenGet<C extends Columns>(
  executor: Executor,
  table: Table<C>,
  query: QueryOf<'count'>,
  values: readonly SQLValue[],
  keyValues: readonly SQLValue[],
): Promise<RowOf<C> | undefined> {
  if ((await executor.execute(query, values)) === 0) return undefined
  const stored = await getBy(executor, table, keyNames(table), keyValues)
  return stored && table.decode(stored)
}

/** The names of the primary key's columns. */
export function keyNames(table: Table): string[] {
  return table.keys.map(({ name }) => name)
}

/** @throws {DataError} when there is none */
export function requireRow<C extends Columns>(
  table: Table<C>,
  stored: StoredRow | undefined,
): RowOf<C> {
  if (stored) return table.decode(stored)
  throw new DataError(`What was written to "${table.model.table}" gave no row back.`)
}

async function getBy(
  executor: Executor,
  table: Table,
  names: readonly string[],
  values: readonly SQLValue[],
): Promise<StoredRow | undefined> {
  const compile = (): Query => {
    const condition = Object.fromEntries(names.map((name) => [name, 0]))
    const { sql } = from(table, [condition]).select(selectionOf(table)).compile()
    return { sql, fetch: 'row', access: 'read', ...reading(table, [condition]) }
  }
  return executor.execute(queryFor(table, `get by ${names.join()}`, compile, 'row'), values)
}
