import type { SQLText } from '../column_type.ts'
import type { ColumnState, TableState } from '../ddl/table_state.ts'
import { MigrationError } from './errors.ts'

/** All tables of a database by name, in the order in which they came. */
export type Schema = ReadonlyMap<string, TableState>

export const EMPTY_SCHEMA: Schema = new Map()

export function toSchema(tables: readonly TableState[]): Schema {
  return new Map(tables.map((table) => [table.name, table]))
}

/** @throws {MigrationError} when there is no such table */
export function tableIn(schema: Schema, name: string): TableState {
  const table = schema.get(name)
  if (table) return table
  const known = [...schema.keys()].join(', ') || 'none'
  throw new MigrationError(`There is no table "${name}" at this point; there are: ${known}.`)
}

/** @throws {MigrationError} when there is no such column */
export function columnIn(table: TableState, name: string): ColumnState {
  const column = table.columns.find((each) => each.name === name)
  if (column) return column
  const known = table.columns.map((each) => each.name).join(', ')
  throw new MigrationError(
    `"${table.name}" has no column "${name}" at this point; it has: ${known}.`,
  )
}

/** The name of an index's column without its direction. */
export function plainName(name: string): string {
  return name.replace(/^-/, '')
}

/** `sql` with a column's name changed wherever it stands outside of quoted text. */
export function renameInSQL(sql: SQLText, from: string, to: string): SQLText {
  if (typeof sql !== 'string') {
    const { sqlite, postgresql, mariadb } = sql
    return {
      sqlite: renameInText(sqlite, from, to),
      postgresql: renameInText(postgresql, from, to),
      mariadb: renameInText(mariadb, from, to),
    }
  }
  return renameInText(sql, from, to)
}

function renameInText(sql: string, from: string, to: string): string {
  const pattern = new RegExp(`('(?:[^']|'')*')|(?<![\\w$])${from}(?![\\w$(])`, 'g')
  return sql.replaceAll(pattern, (found: string, text: string | undefined) => text ?? (found && to))
}

/** Whether `sql` names a column outside of quoted text. */
export function namesColumn(sql: SQLText, column: string): boolean {
  return JSON.stringify(renameInSQL(sql, column, '')) !== JSON.stringify(sql)
}
