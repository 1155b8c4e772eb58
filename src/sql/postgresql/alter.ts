import { textFor } from '../column_type.ts'
import type { ColumnState, TableState } from '../ddl/table_state.ts'
import type { Dialect } from '../dialect.ts'
import { plainName, tableIn } from '../migrate/schema.ts'
import type { SchemaDialect } from '../migrate/schema_connection.ts'
import type { SchemaStep } from '../migrate/steps.ts'
import { addColumn, alterColumn } from './alter_column.ts'
import { addForeignKey, checkOf, createTable, indexText, keyName, text } from './ddl.ts'

/** How PostgreSQL changes tables: in place, and undone with the transaction. */
export function postgresSchema(dialect: Dialect): SchemaDialect {
  return {
    dialect,
    isTransactional: true,
    isAlone: ({ operation }) =>
      (operation.kind === 'createIndex' || operation.kind === 'dropIndex') &&
      operation.isConcurrent,
    statements: (step) => statements(dialect, step),
  }
}

function statements({ compiler }: Dialect, { operation, before, after }: SchemaStep): string[] {
  switch (operation.kind) {
    case 'createTable':
      return createTable(compiler, operation.table)
    case 'dropTable':
      return [`drop table "${operation.table}"`]
    case 'renameTable':
      return renameTable(operation.table, operation.to)
    case 'commentTable': {
      const { table, comment } = operation
      return [`comment on table "${table}" is ${comment === undefined ? 'null' : text(comment)}`]
    }
    case 'addColumn':
      return addColumn(compiler, operation.table, operation.column, operation.fill)
    case 'dropColumn':
      return [`alter table "${operation.table}" drop column "${operation.column}"`]
    case 'renameColumn':
      return renameColumn(tableIn(before, operation.table), operation.column, operation.to)
    case 'alterColumn': {
      const { table, column } = operation
      const old = tableIn(before, table).columns.find(({ name }) => name === column.name)!
      return [...alterColumn(operation, old), ...reindex(tableIn(after, table), old, column)]
    }
    case 'setPrimaryKey':
      return setPrimaryKey(operation.table, operation.columns)
    case 'dropConstraint':
      return [`alter table "${operation.table}" drop constraint "${operation.name}"`]
    case 'addConstraint': {
      const { table, constraint } = operation
      const add = `alter table "${table}" add constraint "${constraint.name}"`
      if (constraint.kind === 'foreignKey') return [addForeignKey(compiler, table, constraint)]
      if (constraint.kind === 'unique') return [`${add} unique (${listed(constraint.columns)})`]
      return [`${add} check (${textFor('postgresql', constraint.sql)})`]
    }
    case 'createIndex': {
      const plain = indexText(tableIn(after, operation.table), operation.index)
      if (!operation.isConcurrent) return [plain]
      // One that was left unfinished is there, and of no use.
      const rest = plain.replace(/index /, 'index concurrently ')
      return [`drop index concurrently if exists "${operation.index.name}"`, rest]
    }
    case 'dropIndex':
      return [`drop index ${operation.isConcurrent ? 'concurrently ' : ''}"${operation.name}"`]
    default: {
      const { table, name, to } = operation
      const isIndex = tableIn(before, table).indexes.some((index) => index.name === name)
      return [
        isIndex
          ? `alter index "${name}" rename to "${to}"`
          : `alter table "${table}" rename constraint "${name}" to "${to}"`,
      ]
    }
  }
}

function listed(columns: readonly string[]): string {
  return columns.map((name) => `"${name}"`).join(', ')
}

/** Its key is renamed too, so that another table of the old name can have one. */
function renameTable(from: string, to: string): string[] {
  const rename = `execute format('alter table %I rename constraint %I to %I', ${text(to)}, ${text(keyName(from))}, ${text(keyName(to))})`
  const isThere = `exists (select from pg_constraint where conrelid = ${text(`"${to}"`)}::regclass and conname = ${text(keyName(from))})`
  return [
    `alter table "${from}" rename to "${to}"`,
    `do ${text(`begin if ${isThere} then ${rename}; end if; end`)}`,
  ]
}

function renameColumn({ name: table, columns }: TableState, from: string, to: string): string[] {
  const hasCheck = columns.some((column) => column.name === from && checkOf(column) !== undefined)
  const rename = `alter table "${table}" rename column "${from}" to "${to}"`
  if (!hasCheck) return [rename]
  return [rename, `alter table "${table}" rename constraint "check_${from}" to "check_${to}"`]
}

/** The key of a table that other tools made has another name. */
function setPrimaryKey(table: string, columns: readonly string[]): string[] {
  const find = `select conname into found from pg_constraint where conrelid = ${text(`"${table}"`)}::regclass and contype = 'p'`
  const drop = `execute format('alter table %I drop constraint %I', ${text(table)}, found)`
  return [
    `do ${text(`declare found text; begin ${find}; if found is not null then ${drop}; end if; end`)}`,
    `alter table "${table}" add constraint "${keyName(table)}" primary key (${listed(columns)})`,
  ]
}

/** Whether null may stand in a column says in which order its indexes are. */
function reindex(table: TableState, old: ColumnState, column: ColumnState): string[] {
  if (old.isNullable === column.isNullable) return []
  const touched = table.indexes.filter(({ columns }) =>
    columns.some((name) => plainName(name) === column.name),
  )
  return touched.flatMap((index) => [`drop index "${index.name}"`, indexText(table, index)])
}
