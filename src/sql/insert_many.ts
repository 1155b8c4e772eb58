import { compileInsert } from './compile.ts'
import type { Executor, SQLValue, StoredRow } from './driver.ts'
import type { Columns, InsertOf, RowOf } from './model.ts'
import { queryFor } from './query_for.ts'
import { checkNames, insertRow, toInsert } from './rows.ts'
import type { InsertShape, Table } from './table.ts'

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

interface Prepared {
  readonly shape: InsertShape
  readonly values: SQLValue[]
}

async function insertChunk<C extends Columns>(
  executor: Executor,
  table: Table<C>,
  rows: readonly InsertOf<C>[],
): Promise<RowOf<C>[]> {
  const prepared = rows.map((row): Prepared => {
    checkNames(table, row)
    const shape = table.insertShape(row)
    return { shape, values: toInsert(shape.columns, row) }
  })
  const inserted: RowOf<C>[] = []
  for (const run of runsOf(prepared)) {
    const stored = await insertRun(executor, table, run)
    for (const each of stored) inserted.push(table.decode(each))
  }
  return inserted
}

/** Rows one after another that name the same columns; in powers of two, so that there are few statements. */
function* runsOf(rows: readonly Prepared[]): Generator<readonly Prepared[]> {
  let start = 0
  while (start < rows.length) {
    const { mark, columns } = rows[start]!.shape
    let end = start + 1
    while (end < rows.length && rows[end]!.shape.mark === mark) end++
    while (start < end) {
      // Rows without any value cannot be many in one statement.
      const count = columns.length === 0 ? 1 : 2 ** Math.floor(Math.log2(end - start))
      yield rows.slice(start, start + count)
      start += count
    }
  }
}

async function insertRun(
  executor: Executor,
  table: Table,
  run: readonly Prepared[],
): Promise<readonly StoredRow[]> {
  const { columns, mark } = run[0]!.shape
  const count = run.length
  const compile = () => compileInsert(table, columns, count)
  const values = run.flatMap((row) => row.values)
  if (count === 1) {
    const stored = await executor.execute(queryFor(table, `insert ${mark}`, compile, 'row'), values)
    return stored ? [stored] : []
  }
  return executor.execute(queryFor(table, `insert${count} ${mark}`, compile, 'rows'), values)
}
