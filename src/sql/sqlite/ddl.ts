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

function tableText(compiler: Compiler, table: TableState): string {
  const auto = table.columns.find(({ isAuto }) => isAuto)
  let built: CreateTableBuilder<string, string> = compiler.schema
    .createTable(table.name)
    .ifNotExists()
  for (const column of table.columns) {
    built = built.addColumn(column.name, sql.raw(STORED_AS[column.type.name]), (definition) =>
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

function defaultOf({ name, type, default: initial }: ColumnState): RawBuilder<unknown> | undefined {
  if (!initial) return undefined
  if (initial.kind === 'expression') return sql.raw(textFor('sqlite', initial.sql))
  const value = storageOf(name, type).bind(initial.value)
  return value instanceof Uint8Array
    ? sql.raw(`x'${Buffer.from(value).toString('hex')}'`)
    : sql.lit(value)
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

function indexText(table: TableState, index: IndexState): string {
  const columns = index.columns.map((name) =>
    name.startsWith('-') ? `"${name.slice(1)}" desc` : `"${name}"`,
  )
  const unique = index.isUnique ? 'unique ' : ''
  const where = index.where === undefined ? '' : ` where ${textFor('sqlite', index.where)}`
  return `create ${unique}index if not exists "${index.name}" on "${table.name}" (${columns.join(', ')})${where}`
}
