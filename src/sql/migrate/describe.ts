import type { Operation } from './operation.ts'

/** One operation in a line for people. */
export function describe(operation: Operation): string {
  switch (operation.kind) {
    case 'createTable':
      return `create table ${operation.table.name}`
    case 'dropTable':
      return `drop table ${operation.table}`
    case 'renameTable':
      return `rename table ${operation.table} to ${operation.to}`
    case 'commentTable':
      return `comment on table ${operation.table}`
    case 'addColumn':
      return `add column ${operation.table}.${operation.column.name}`
    case 'dropColumn':
      return `drop column ${operation.table}.${operation.column}`
    case 'renameColumn':
      return `rename column ${operation.table}.${operation.column} to ${operation.to}`
    case 'alterColumn':
      return `alter column ${operation.table}.${operation.column.name}`
    case 'changeEnum':
      return `change members of ${operation.table}.${operation.column}`
    case 'setPrimaryKey':
      return `set primary key of ${operation.table} to ${operation.columns.join(', ')}`
    case 'addConstraint':
      return `add constraint ${operation.constraint.name} to ${operation.table}`
    case 'dropConstraint':
      return `drop constraint ${operation.name} of ${operation.table}`
    case 'createIndex':
      return `create index ${operation.index.name} on ${operation.table}${alone(operation)}`
    case 'dropIndex':
      return `drop index ${operation.name} of ${operation.table}${alone(operation)}`
    case 'renameConstraint':
      return `rename ${operation.name} of ${operation.table} to ${operation.to}`
    case 'sql':
      return `run SQL: ${firstLine(operation.sql)}`
    default:
      return `change rows: ${operation.description}`
  }
}

function alone({ isConcurrent }: { readonly isConcurrent: boolean }): string {
  return isConcurrent ? ' concurrently' : ''
}

function firstLine(sql: string | Readonly<Partial<Record<string, string>>>): string {
  const text = typeof sql === 'string' ? sql : (Object.values(sql)[0] ?? '')
  const line = text.trim().split('\n', 1)[0] ?? ''
  return line.length > 60 ? `${line.slice(0, 60)}…` : line
}
