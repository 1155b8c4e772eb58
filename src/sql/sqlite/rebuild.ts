import type { ColumnState, TableState } from '../ddl/table_state.ts'
import type { AnyTables } from '../dialect.ts'
import type { Fill, SchemaOperation } from '../migrate/operation.ts'
import { textFor } from '../column_type.ts'
import type { Kysely } from 'kysely'
import { converted } from './convert.ts'
import { indexText, literalOf, tableText } from './ddl.ts'

/**
 * Statements that make a table anew with all its rows, for what SQLite cannot change: https://sqlite.org/lang_altertable.html#otheralter
 *
 * Foreign keys must be off: else the old table's end would delete the rows that refer to it.
 */
export function rebuild(
  compiler: Kysely<AnyTables>,
  before: TableState,
  after: TableState,
  operation: SchemaOperation,
): string[] {
  const fresh = `_dewar_new_${after.name}`
  const names = after.columns.map(({ name }) => quoted(name)).join(', ')
  const values = after.columns.map((column) => valueOf(column, before, operation)).join(', ')
  const isNumbered = [before, after].every(({ columns }) => columns.some(({ isAuto }) => isAuto))
  return [
    tableText(compiler, after, fresh).replace(/^create table if not exists/, 'create table'),
    `insert into ${quoted(fresh)} (${names}) select ${values} from ${quoted(before.name)}`,
    ...(isNumbered ? keepNumbers(before.name, fresh) : []),
    `drop table ${quoted(before.name)}`,
    // Else it would read all views and triggers, while the table that they name is not there.
    'pragma legacy_alter_table = on',
    `alter table ${quoted(fresh)} rename to ${quoted(after.name)}`,
    'pragma legacy_alter_table = off',
    ...after.indexes.map((index) => indexText(after, index)),
  ]
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** Numbers of rows that were deleted are not given again. */
function keepNumbers(from: string, to: string): string[] {
  return [
    `delete from sqlite_sequence where name = ${text(to)}`,
    `insert into sqlite_sequence (name, seq) select ${text(to)}, seq from sqlite_sequence where name = ${text(from)}`,
  ]
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}

/** What a column of the new table is copied from. */
function valueOf(column: ColumnState, before: TableState, operation: SchemaOperation): string {
  const old = before.columns.find(({ name }) => name === column.name)
  if (!old) return fillOf(column, operation.kind === 'addColumn' ? operation.fill : undefined)
  if (operation.kind !== 'alterColumn' || operation.column.name !== column.name) {
    return quoted(column.name)
  }
  const { replace = {}, fill } = operation
  const whens = Object.entries(replace).map(
    ([from, to]) => ` when ${text(from)} then ${to === null ? 'null' : text(to)}`,
  )
  const name = quoted(column.name)
  const kept = whens.length === 0 ? name : `case ${name}${whens.join('')} else ${name} end`
  const value = converted(kept, old.type, column.type)
  return fill ? `coalesce(${value}, ${fillOf(column, fill)})` : value
}

/** What rows get that are there already. */
function fillOf(column: ColumnState, fill: Fill | undefined): string {
  if (fill?.kind === 'value') return literalOf(column, fill.value)
  if (fill?.kind === 'distinct') return distinctOf(column)
  const initial = column.default
  if (!initial) return 'null'
  return initial.kind === 'value'
    ? literalOf(column, initial.value)
    : textFor('sqlite', initial.sql)
}

/** The number of the row, in the form of the column. */
function distinctOf({ type }: ColumnState): string {
  const number = 'row_number() over ()'
  switch (type.name) {
    case 'integer':
    case 'bigint':
    case 'decimal':
      return number
    case 'float':
      return `${number} + 0.0`
    case 'date':
      return `date('2000-01-01', '+' || (${number}) || ' days')`
    case 'datetime':
      return `strftime('%Y-%m-%dT%H:%M:%fZ', '2000-01-01', '+' || (${number}) || ' seconds')`
    case 'time':
      return `strftime('%H:%M:%f', '2000-01-01', '+' || (${number}) || ' seconds')`
    case 'uuid':
      return `printf('00000000-0000-4000-8000-%012x', ${number})`
    case 'json':
      return `json(${number})`
    case 'binary':
      return `cast(${number} as blob)`
    default:
      return `cast(${number} as text)`
  }
}
