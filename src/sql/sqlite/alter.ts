import type { Dialect } from '../dialect.ts'
import type { ColumnState } from '../ddl/table_state.ts'
import type { Fill } from '../migrate/operation.ts'
import { namesColumn, tableIn } from '../migrate/schema.ts'
import type { SchemaDialect } from '../migrate/schema_connection.ts'
import type { SchemaStep } from '../migrate/steps.ts'
import { addColumnText, hasCheck, indexText, tableText } from './ddl.ts'
import { quoted, rebuild } from './rebuild.ts'

/** How SQLite changes tables: few things in place, all others by a new table with the rows of the old one. */
export function sqliteSchema(dialect: Dialect): SchemaDialect {
  return {
    dialect,
    isTransactional: true,
    isAlone: () => false,
    statements: (step) => statements(dialect, step),
  }
}

/** Whether a table is made anew for this change, and the name that it has then. */
export function rebuiltTable(step: SchemaStep): string | undefined {
  const { operation } = step
  switch (operation.kind) {
    case 'createTable':
    case 'dropTable':
    case 'renameTable':
    case 'commentTable':
    case 'createIndex':
    case 'dropIndex':
      return undefined
    case 'addColumn':
      return canAppend(operation.column, operation.fill) ? undefined : operation.table
    case 'renameColumn':
      return canRename(step, operation) ? undefined : operation.table
    case 'renameConstraint':
      return isIndex(step, operation.table, operation.name) ? undefined : operation.table
    default:
      return operation.table
  }
}

function statements({ compiler }: Dialect, step: SchemaStep): string[] {
  const { operation, before, after } = step
  const rebuilt = rebuiltTable(step)
  if (rebuilt !== undefined) {
    const renames = prelude(step)
    const old = tableIn(renames.length > 0 ? after : before, rebuilt)
    return [...renames, ...rebuild(compiler, old, tableIn(after, rebuilt), operation)]
  }
  switch (operation.kind) {
    case 'createTable': {
      const { table } = operation
      const text = tableText(compiler, table).replace('create table if not exists', 'create table')
      return [text, ...table.indexes.map((index) => indexText(table, index))]
    }
    case 'dropTable':
      return [`drop table ${quoted(operation.table)}`]
    case 'renameTable':
      return [`alter table ${quoted(operation.table)} rename to ${quoted(operation.to)}`]
    case 'addColumn':
      return [addColumnText(compiler, operation.table, operation.column)]
    case 'renameColumn':
      return prelude(step)
    case 'createIndex':
      return [indexText(tableIn(after, operation.table), operation.index)]
    case 'dropIndex':
      return [`drop index ${quoted(operation.name)}`]
    case 'renameConstraint': {
      const table = tableIn(after, operation.table)
      const index = table.indexes.find(({ name }) => name === operation.to)
      return [`drop index ${quoted(operation.name)}`, ...(index ? [indexText(table, index)] : [])]
    }
    default:
      return []
  }
}

/** What is done to a table before it is made anew: SQLite itself renames a column wherever it is named. */
function prelude({ operation }: SchemaStep): string[] {
  if (operation.kind !== 'renameColumn') return []
  const { table, column, to } = operation
  return [`alter table ${quoted(table)} rename column ${quoted(column)} to ${quoted(to)}`]
}

/** SQLite adds a column in place only where every row gets the same constant. */
function canAppend(column: ColumnState, fill: Fill | undefined): boolean {
  if (column.isAuto || fill || column.default?.kind === 'expression') return false
  return column.isNullable || column.default !== undefined
}

/** In place, checks and partial indexes would keep texts of their own. */
function canRename(
  { before }: SchemaStep,
  { table, column }: { readonly table: string; readonly column: string },
): boolean {
  const { columns, checks, indexes } = tableIn(before, table)
  if (columns.some((each) => each.name === column && hasCheck(each))) return false
  return (
    checks.every(({ sql }) => !namesColumn(sql, column)) &&
    indexes.every(({ where }) => where === undefined || !namesColumn(where, column))
  )
}

function isIndex({ before }: SchemaStep, table: string, name: string): boolean {
  return tableIn(before, table).indexes.some((index) => index.name === name)
}
