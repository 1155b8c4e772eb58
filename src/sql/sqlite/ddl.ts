import { sql } from 'kysely'
import type { ColumnDefinitionBuilder, CreateTableBuilder, Kysely, RawBuilder } from 'kysely'
import { textFor, type ColumnTypeName } from '../column_type.ts'
import type { ColumnState, IndexState, TableState } from '../ddl/table_state.ts'
import type { AnyTables } from '../dialect.ts'
import { storageOf } from './storage.ts'

type Compiler = Kysely<AnyTables>

/** Makes a table where there is none, and its indexes: strict, with everything checked that a column may not hold. */
export function createTable(compiler: Compiler, table: TableState): string[] {
  return [tableText(compiler, table), ...table.indexes.map((index) => indexText(table, index))]
}

/** @param as the name that it gets at first, where another table has its own */
export function tableText(compiler: Compiler, table: TableState, as = table.name): string {
  const auto = table.columns.find(({ isAuto }) => isAuto)
  let built: CreateTableBuilder<string, string> = compiler.schema.createTable(as).ifNotExists()
  for (const column of table.columns) {
    built = built.addColumn(column.name, storedAs(column), (definition) =>
      describe(definition, column),
    )
  }
  if (!auto) built = built.addPrimaryKeyConstraint(`pk_${table.name}`, [...table.primaryKey])
  for (const { name, columns } of table.uniques)
    built = built.addUniqueConstraint(name, [...columns])
  for (const { name, sql: text } of table.checks) {
    built = built.addCheckConstraint(name, sql.raw(textFor('sqlite', text)))
  }
  for (const foreignKey of table.foreignKeys) {
    built = built.addForeignKeyConstraint(
      foreignKey.name,
      [...foreignKey.columns],
      foreignKey.table,
      [...foreignKey.refersTo],
      (constraint) => constraint.onDelete(foreignKey.onDelete).onUpdate(foreignKey.onUpdate),
    )
  }
  return built.modifyEnd(sql`strict`).compile().sql
}

/** Adds a column at the end of a table. */
export function addColumnText(compiler: Compiler, table: string, column: ColumnState): string {
  return compiler.schema
    .alterTable(table)
    .addColumn(column.name, storedAs(column), (built) => describe(built, column))
    .compile().sql
}

function storedAs({ type }: ColumnState): RawBuilder<unknown> {
  return sql.raw(STORED_AS[type.name])
}

const STORED_AS: Readonly<Record<ColumnTypeName, string>> = {
  integer: 'integer',
  bigint: 'integer',
  float: 'real',
  decimal: 'integer',
  string: 'text',
  text: 'text',
  boolean: 'integer',
  datetime: 'text',
  date: 'text',
  time: 'text',
  uuid: 'text',
  json: 'text',
  binary: 'blob',
  enumeration: 'text',
}

function describe(built: ColumnDefinitionBuilder, column: ColumnState): ColumnDefinitionBuilder {
  if (column.isAuto) return built.primaryKey().autoIncrement()
  let described = column.isNullable ? built : built.notNull()
  const initial = defaultOf(column)
  if (initial) described = described.defaultTo(initial)
  if (column.collation) {
    described = described.modifyEnd(sql`collate ${sql.id(column.collation.sqlite)}`)
  }
  const check = checkOf(column)
  if (!check) return described
  return described.modifyEnd(sql`constraint ${sql.ref(`check_${column.name}`)} check (${check})`)
}

function defaultOf(column: ColumnState): RawBuilder<unknown> | undefined {
  const { default: initial } = column
  if (!initial) return undefined
  if (initial.kind === 'expression') return sql.raw(textFor('sqlite', initial.sql))
  return sql.raw(literalOf(column, initial.value))
}

/** A value of a column as SQL. @throws {DataError} when the column cannot hold it */
export function literalOf({ name, type }: ColumnState, value: unknown): string {
  const stored = value === null ? null : storageOf(name, type).bind(value)
  if (stored instanceof Uint8Array) return `x'${Buffer.from(stored).toString('hex')}'`
  return typeof stored === 'string' ? `'${stored.replaceAll("'", "''")}'` : String(stored)
}

/** Whether the table says what values the column may hold. */
export function hasCheck(column: ColumnState): boolean {
  return checkOf(column) !== undefined
}

function checkOf({ name, type }: ColumnState): RawBuilder<unknown> | undefined {
  const column = sql.ref(name)
  if (type.name === 'string') return sql`length(${column}) <= ${sql.lit(type.maxLength)}`
  if (type.name === 'boolean') return sql`${column} in (0, 1)`
  if (type.name === 'json') return sql`json_valid(${column})`
  if (type.name === 'decimal') {
    const limit = sql.raw(`${10n ** BigInt(type.precision)}`)
    return sql`${column} > -${limit} and ${column} < ${limit}`
  }
  if (type.name !== 'enumeration') return undefined
  return sql`${column} in (${sql.join(type.values.map((value) => sql.lit(value)))})`
}

/** Makes an index where there is none of its name. */
export function indexText(table: TableState, index: IndexState): string {
  const columns = index.columns.map((name) =>
    name.startsWith('-') ? `"${name.slice(1)}" desc` : `"${name}"`,
  )
  const unique = index.isUnique ? 'unique ' : ''
  const where = index.where === undefined ? '' : ` where ${textFor('sqlite', index.where)}`
  return `create ${unique}index if not exists "${index.name}" on "${table.name}" (${columns.join(', ')})${where}`
}
