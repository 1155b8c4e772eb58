import { compileInsert } from './compile.ts'
import type { Executor, StoredRow } from './driver.ts'
import type { Columns, InsertOf, RowOf } from './model.ts'
import { queryFor } from './query_for.ts'
import { type Given, insertRow, marks, names, toInsert, valuesOf } from './rows.ts'
import type { Table } from './table.ts'

/** How many rows one statement inserts at most. */
const MAX_ROWS = 64

/** @returns the rows as they are stored, in the order of `rows` */
export async function insertRows<C extends Columns>(
  executor: Executor,
  table: Table<C>,
  rows: Iterable<InsertOf<C>>,
): Promise<RowOf<C>[]> {
  const inserted: RowOf<C>[] = []
  const size = chunkSize(table)
  for (const chunk of chunksOf(rows, size)) {
    if (size === 1) inserted.push(await insertRow(executor, table, chunk[0]!))
    else inserted.push(...(await insertChunk(executor, table, chunk)))
  }
  return inserted
}

/** A database that does not answer the rows it inserted takes them one by one. */
function chunkSize(table: Table): number {
  const { returning, maxValues } = table.dialect.features
  return returning.insert ? Math.min(MAX_ROWS, Math.floor(maxValues / table.columns.length)) : 1
}

function* chunksOf<T>(rows: Iterable<T>, size: number): Generator<T[]> {
  let chunk: T[] = []
  for (const row of rows) {
    chunk.push(row)
    if (chunk.length < size) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}

async function insertChunk<C extends Columns>(
  executor: Executor,
  table: Table<C>,
  rows: readonly InsertOf<C>[],
): Promise<RowOf<C>[]> {
  const given = rows.map((row) => toInsert(table, row))
  const inserted: RowOf<C>[] = []
  for (const run of runsOf(given)) {
    const stored = await insertRun(executor, table, run)
    for (const each of stored) inserted.push(table.decode(each))
  }
  return inserted
}

/** Rows one after another that name the same columns; in powers of two, so that there are few statements. */
function* runsOf(rows: readonly Given[][]): Generator<Given[][]> {
  let start = 0
  while (start < rows.length) {
    const shape = marks(rows[start]!)
    let end = start + 1
    while (end < rows.length && marks(rows[end]!) === shape) end++
    while (start < end) {
      const count = 2 ** Math.floor(Math.log2(end - start))
      yield rows.slice(start, start + count)
      start += count
    }
  }
}

async function insertRun(
  executor: Executor,
  table: Table,
  run: readonly Given[][],
): Promise<readonly StoredRow[]> {
  const [first = []] = run
  const count = run.length
  // Rows without any value cannot be many in one statement.
  if (count > 1 && first.length === 0) {
    const one = await Promise.all(run.map((row) => insertRun(executor, table, [row])))
    return one.flat()
  }
  const compile = () => compileInsert(table, names(first), count)
  if (count === 1) {
    const query = queryFor(table, `insert ${marks(first)}`, compile, 'row')
    const stored = await executor.execute(query, valuesOf(first))
    return stored ? [stored] : []
  }
  const query = queryFor(table, `insert${count} ${marks(first)}`, compile, 'rows')
  return executor.execute(query, run.flatMap(valuesOf))
}
