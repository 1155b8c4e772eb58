import { sql } from 'kysely'
import { insertInto, raisedVersion, selectionOf } from './compile.ts'
import type { Executor, Query } from './driver.ts'
import { DataError } from './errors.ts'
import { inserting } from './model_touches.ts'
import { pinnedByAnswer } from './pins.ts'
import type { Columns, InsertOf, RowOf } from './model.ts'
import { queryFor } from './query_for.ts'
import { checkNames, names, toInsert, toUpdate } from './rows.ts'
import type { Table, TableColumn } from './table.ts'

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
  const query = queryFor(table, shape, () => compileUpsert(table, columns, on, changed), 'row')
  const stored = await executor.execute(query, toInsert(columns, values))
  if (stored) return table.decode(stored)
  throw new DataError(`The upsert into "${table.model.table}" gave no row back.`)
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
  const { sql: text } = query.returning(selectionOf(table)).compile()
  const touching = inserting(table, pinnedByAnswer(table, 'row'), changed)
  return { sql: text, fetch: 'row', access: 'write', ...touching }
}
