import { sql } from 'kysely'
import { answering, insertInto, raisedVersion } from './compile.ts'
import type { Executor, Query } from './driver.ts'
import type { Columns, InsertOf, RowOf } from './model.ts'
import { queryFor } from './query_for.ts'
import { checkNames, names, toInsert, toUpdate } from './rows.ts'
import type { Table, TableColumn } from './table.ts'
import { insertThenGet, requireRow } from './then_get.ts'

export interface UpsertOptions<Name extends string = string> {
  /** The columns that tell whether there is such a row, together unique. Default: the primary key. */
  readonly on?: readonly Name[]
  /** The columns that are set when there is one. Default: all that are given, and what changes with every update. */
  readonly set?: readonly Name[]
}

/** Insert a row, or change the one that is there. @returns it as it is then */
export async function upsertRow<C extends Columns>(
  executor: Executor,
  table: Table<C>,
  values: InsertOf<C>,
  options: UpsertOptions = {},
): Promise<RowOf<C>> {
  const on = options.on ?? table.keys.map(({ name }) => name)
  checkNames(table, values)
  const { columns, mark } = table.insertShape(values)
  const changed = options.set ?? changedNames(table, values, on)
  for (const name of [...on, ...changed]) table.column(name)
  const shape = `upsert ${mark} ${on.join()} ${changed.join()}`
  const compile = () => compileUpsert(table, columns, on, changed)
  const bound = toInsert(columns, values)
  if (!table.dialect.features.returning.insert) {
    const query = queryFor(table, shape, compile, 'result')
    return insertThenGet(executor, table, query, { columns, values: bound }, on)
  }
  return requireRow(table, await executor.execute(queryFor(table, shape, compile, 'row'), bound))
}

function changedNames(table: Table, values: object, on: readonly string[]): string[] {
  const isKey = (name: string) => on.includes(name) || table.keys.some((key) => key.name === name)
  const rest = Object.entries(values).filter(([name]) => !isKey(name))
  return names(toUpdate(table, Object.fromEntries(rest)))
}

/** Where nothing is to be changed, a column of the conflict is set to what it is, so that the row is answered. */
function compileUpsert(
  table: Table,
  columns: readonly TableColumn[],
  on: readonly string[],
  changed: readonly string[],
): Query {
  const isDuplicateKey = table.dialect.features.upsert === 'on duplicate key'
  const set = Object.fromEntries(
    (changed.length > 0 ? changed : on).map((name) => [
      name,
      isDuplicateKey ? sql`values(${sql.ref(name)})` : sql.ref(`excluded.${name}`),
    ]),
  )
  if (changed.length > 0) Object.assign(set, raisedVersion(table))
  const insert = insertInto(table, columns, 1)
  const query = isDuplicateKey
    ? insert.onDuplicateKeyUpdate(set)
    : insert.onConflict((conflict) => conflict.columns([...on]).doUpdateSet(set))
  return answering(table, query, columns, 'row', changed)
}
