import type { ColumnState, TableState } from '../ddl/table_state.ts'
import type { Dialect } from '../dialect.ts'
import type { SchemaOperation } from '../migrate/operation.ts'
import { tableIn } from '../migrate/schema.ts'
import type { SchemaDialect } from '../migrate/schema_connection.ts'
import type { SchemaStep } from '../migrate/steps.ts'
import { addColumn, alterColumn } from './alter_column.ts'
import { changeTable, type Renaming } from './change_table.ts'
import { tableText } from './ddl.ts'
import { quoted } from './quoting.ts'

/** How MariaDB changes tables: each statement is done as a whole or not at all, and commits by itself. */
export function mariadbSchema(dialect: Dialect): SchemaDialect {
  return { dialect, isTransactional: false, isAlone: () => false, statements }
}

function statements(step: SchemaStep): string[] {
  const { operation } = step
  switch (operation.kind) {
    case 'createTable':
      return [tableText(operation.table, 'mariadb')]
    case 'dropTable':
      return [`drop table ${quoted(operation.table)}`]
    case 'renameTable':
      return [`rename table ${quoted(operation.table)} to ${quoted(operation.to)}`]
    case 'addColumn':
    case 'alterColumn':
    case 'renameColumn':
      return columnStatements(step, operation)
    default: {
      const { before, after } = step
      const [table, fresh] = [tableIn(before, operation.table), tableIn(after, operation.table)]
      return changeTable(table, fresh, keyRenaming(operation, table))
    }
  }
}

type ColumnOperation = Extract<
  SchemaOperation,
  { kind: 'addColumn' | 'alterColumn' | 'renameColumn' }
>

function columnStatements(step: SchemaStep, operation: ColumnOperation): string[] {
  const before = tableIn(step.before, operation.table)
  const after = tableIn(step.after, operation.table)
  switch (operation.kind) {
    case 'addColumn':
      return addColumn(before, after, operation.column, operation.fill)
    case 'alterColumn': {
      const texts = alterColumn(before, after, operation)
      return isReferring(step, operation.table, operation.column) ? texts.map(unchecked) : texts
    }
    default: {
      const { column: from, to } = operation
      return changeTable(before, after, { kind: 'column', from, to })
    }
  }
}

/** A foreign key has the name of no index. */
function keyRenaming(operation: SchemaOperation, table: TableState): Renaming | undefined {
  if (operation.kind !== 'renameConstraint') return undefined
  const { name: from, to } = operation
  const isKey = [...table.uniques, ...table.indexes].some(({ name }) => name === from)
  return isKey ? { kind: 'key', from, to } : undefined
}

/** Whether a column refers to another one, or another to it. */
function isReferring({ before }: SchemaStep, table: string, { name }: ColumnState): boolean {
  return [...before.values()].some((each) =>
    each.foreignKeys.some(
      (key) =>
        (each.name === table && key.columns.includes(name)) ||
        (key.table === table && key.refersTo.includes(name)),
    ),
  )
}

/** The server changes no column of a foreign key while it checks these; the rows still refer to the same ones. */
function unchecked(sql: string): string {
  return sql.startsWith('alter table') ? `set statement foreign_key_checks = 0 for ${sql}` : sql
}
