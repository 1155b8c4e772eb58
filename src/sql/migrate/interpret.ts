import type { ColumnState, ForeignKeyState, IndexState, TableState } from '../ddl/table_state.ts'
import { MigrationError } from './errors.ts'
import type { ConstraintState, SchemaOperation } from './operation.ts'
import { columnIn, namesColumn, plainName, renameInSQL, type Schema, tableIn } from './schema.ts'

/**
 * What the tables are after an operation.
 *
 * @throws {MigrationError} when it cannot be done to these tables
 */
export function interpret(operation: SchemaOperation, schema: Schema): Schema {
  switch (operation.kind) {
    case 'createTable':
      requireFree(schema, operation.table.name)
      return withTable(schema, operation.table)
    case 'dropTable':
      return withoutTable(schema, operation.table)
    case 'renameTable':
      return renameTable(schema, operation.table, operation.to)
    case 'renameColumn':
      return renameColumn(schema, operation.table, operation.column, operation.to)
    default: {
      const table = tableIn(schema, operation.table)
      if (operation.kind === 'dropColumn') requireUnused(schema, table, operation.column)
      if (operation.kind === 'addConstraint') requireTarget(schema, table, operation.constraint)
      return withTable(schema, change(table, operation))
    }
  }
}

type TableOperation = Exclude<
  SchemaOperation,
  { kind: 'createTable' | 'dropTable' | 'renameTable' | 'renameColumn' }
>

function change(table: TableState, operation: TableOperation): TableState {
  const { columns } = table
  switch (operation.kind) {
    case 'commentTable': {
      const { comment: _, ...rest } = table
      return operation.comment === undefined ? rest : { ...rest, comment: operation.comment }
    }
    case 'addColumn':
      requireNoColumn(table, operation.column.name)
      return { ...table, columns: [...columns, operation.column] }
    case 'dropColumn':
      return { ...table, columns: columns.filter(({ name }) => name !== operation.column) }
    case 'alterColumn': {
      const altered = columnIn(table, operation.column.name)
      const replaced = (each: ColumnState) => (each === altered ? operation.column : each)
      return { ...table, columns: columns.map(replaced) }
    }
    case 'setPrimaryKey':
      for (const name of operation.columns) columnIn(table, name)
      return { ...table, primaryKey: operation.columns }
    case 'addConstraint':
      return addConstraint(table, operation.constraint)
    case 'dropConstraint':
      return dropConstraint(table, operation.name)
    case 'createIndex':
      requireNoConstraint(table, operation.index.name)
      for (const name of operation.index.columns) columnIn(table, plainName(name))
      return { ...table, indexes: [...table.indexes, operation.index] }
    case 'dropIndex':
      requireIndex(table, operation.name)
      return { ...table, indexes: table.indexes.filter(({ name }) => name !== operation.name) }
    default:
      requireNoConstraint(table, operation.to)
      return renameConstraint(table, operation.name, operation.to)
  }
}

/** Names of everything that a table has besides columns. */
function constraintNames(table: TableState): string[] {
  const { uniques, indexes, checks, foreignKeys } = table
  return [uniques, indexes, checks, foreignKeys].flatMap((list) => list.map(({ name }) => name))
}

function addConstraint(table: TableState, constraint: ConstraintState): TableState {
  requireNoConstraint(table, constraint.name)
  if (constraint.kind !== 'check') for (const name of constraint.columns) columnIn(table, name)
  switch (constraint.kind) {
    case 'unique': {
      const { kind: _, ...unique } = constraint
      return { ...table, uniques: [...table.uniques, unique] }
    }
    case 'check': {
      const { kind: _, ...check } = constraint
      return { ...table, checks: [...table.checks, check] }
    }
    default: {
      const { kind: _, ...foreignKey } = constraint
      return { ...table, foreignKeys: [...table.foreignKeys, foreignKey] }
    }
  }
}

function dropConstraint(table: TableState, name: string): TableState {
  const isOther = (each: { readonly name: string }) => each.name !== name
  const { uniques, checks, foreignKeys } = table
  if ([...uniques, ...checks, ...foreignKeys].every(isOther)) {
    const known = [...uniques, ...checks, ...foreignKeys].map((each) => each.name).join(', ')
    throw new MigrationError(
      `"${table.name}" has no constraint "${name}" at this point; it has: ${known || 'none'}.`,
    )
  }
  return {
    ...table,
    uniques: uniques.filter(isOther),
    checks: checks.filter(isOther),
    foreignKeys: foreignKeys.filter(isOther),
  }
}

function renameConstraint(table: TableState, from: string, to: string): TableState {
  if (!constraintNames(table).includes(from)) {
    throw new MigrationError(`"${table.name}" has no constraint or index "${from}" at this point.`)
  }
  const renamed = <T extends { readonly name: string }>(each: T): T =>
    each.name === from ? { ...each, name: to } : each
  return {
    ...table,
    uniques: table.uniques.map(renamed),
    indexes: table.indexes.map(renamed),
    checks: table.checks.map(renamed),
    foreignKeys: table.foreignKeys.map(renamed),
  }
}

function renameTable(schema: Schema, from: string, to: string): Schema {
  tableIn(schema, from)
  requireFree(schema, to)
  const pointed = (each: ForeignKeyState) => (each.table === from ? { ...each, table: to } : each)
  const tables = [...schema.values()].map((table) => ({
    ...table,
    name: table.name === from ? to : table.name,
    foreignKeys: table.foreignKeys.map(pointed),
  }))
  return new Map(tables.map((table) => [table.name, table]))
}

function renameColumn(schema: Schema, name: string, from: string, to: string): Schema {
  const table = tableIn(schema, name)
  columnIn(table, from)
  requireNoColumn(table, to)
  const renamed = (each: string) => {
    if (each === from) return to
    return each === `-${from}` ? `-${to}` : each
  }
  const changed = renameWithin(table, from, to, renamed)
  const tables = [...schema.values()].map((each) => (each === table ? changed : each))
  return new Map(
    tables.map((each) => [each.name, { ...each, foreignKeys: each.foreignKeys.map(pointed) }]),
  )

  function pointed(each: ForeignKeyState): ForeignKeyState {
    return each.table === name ? { ...each, refersTo: each.refersTo.map(renamed) } : each
  }
}

function renameWithin(
  table: TableState,
  from: string,
  to: string,
  renamed: (name: string) => string,
): TableState {
  const listed = <T extends { readonly columns: readonly string[] }>(each: T): T => ({
    ...each,
    columns: each.columns.map(renamed),
  })
  return {
    ...table,
    columns: table.columns.map((each) => ({ ...each, name: renamed(each.name) })),
    primaryKey: table.primaryKey.map(renamed),
    uniques: table.uniques.map(listed),
    indexes: table.indexes.map((each): IndexState =>
      each.where === undefined
        ? listed(each)
        : { ...listed(each), where: renameInSQL(each.where, from, to) },
    ),
    checks: table.checks.map((each) => ({ ...each, sql: renameInSQL(each.sql, from, to) })),
    foreignKeys: table.foreignKeys.map(listed),
  }
}

function withTable(schema: Schema, table: TableState): Schema {
  return new Map([...schema, [table.name, table]])
}

function withoutTable(schema: Schema, name: string): Schema {
  tableIn(schema, name)
  for (const other of schema.values()) {
    const pointing = other.foreignKeys.find((each) => each.table === name)
    if (!pointing || other.name === name) continue
    throw new MigrationError(
      `"${name}" cannot be dropped: "${pointing.name}" of "${other.name}" refers to it. Drop that first.`,
    )
  }
  return new Map([...schema].filter(([each]) => each !== name))
}

function requireFree(schema: Schema, name: string): void {
  if (!schema.has(name)) return
  throw new MigrationError(`There is a table "${name}" already at this point.`)
}

function requireNoColumn(table: TableState, name: string): void {
  if (table.columns.every((column) => column.name !== name)) return
  throw new MigrationError(`"${table.name}" has a column "${name}" already at this point.`)
}

function requireNoConstraint(table: TableState, name: string): void {
  if (!constraintNames(table).includes(name)) return
  throw new MigrationError(`"${table.name}" has a "${name}" already at this point.`)
}

function requireIndex(table: TableState, name: string): void {
  if (table.indexes.some((index) => index.name === name)) return
  const known = table.indexes.map((index) => index.name).join(', ') || 'none'
  throw new MigrationError(
    `"${table.name}" has no index "${name}" at this point; it has: ${known}.`,
  )
}

/** Databases differ in what they drop along with a column; here it is nothing. */
function requireUnused(schema: Schema, table: TableState, name: string): void {
  columnIn(table, name)
  const isIn = ({ columns }: { readonly columns: readonly string[] }) =>
    columns.some((each) => plainName(each) === name)
  const using =
    [...table.uniques, ...table.indexes, ...table.foreignKeys].find(isIn) ??
    table.checks.find(({ sql }) => namesColumn(sql, name)) ??
    [...schema.values()]
      .flatMap(({ foreignKeys }) => foreignKeys)
      .find((each) => each.table === table.name && each.refersTo.includes(name))
  const what = table.primaryKey.includes(name) ? 'the primary key' : using && `"${using.name}"`
  if (!what) return
  throw new MigrationError(
    `"${table.name}.${name}" cannot be dropped: it is part of ${what}. Change that first.`,
  )
}

function requireTarget(schema: Schema, table: TableState, constraint: ConstraintState): void {
  if (constraint.kind !== 'foreignKey') return
  const target = constraint.table === table.name ? table : tableIn(schema, constraint.table)
  for (const name of constraint.refersTo) columnIn(target, name)
}
