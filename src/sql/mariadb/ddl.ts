import { type ColumnType, textFor } from '../column_type.ts'
import type { CheckState, ColumnState, ForeignKeyState, TableState } from '../ddl/table_state.ts'
import { COLLATIONS, type Server } from './connect.ts'
import { hiddenColumns, indexText, longestOf, MAX_INDEXED_LENGTH, primaryKeyText } from './keys.ts'
import { literal, quoted } from './quoting.ts'
import { storageOf } from './storage.ts'

type Kind = Server['kind']

/** Makes tables where there are none, each whole in one statement. */
export function createTables(tables: readonly TableState[], kind: Kind): string[] {
  return withCycles(
    tables,
    tables.map((table) => tableText(table, kind).replace('create table', '$& if not exists')),
  )
}

/** Removes tables; those that are not there are left out. */
export function dropTables(tables: readonly TableState[]): string[] {
  return withCycles(
    tables,
    tables.toReversed().map(({ name }) => `drop table if exists ${quoted(name)}`),
  )
}

/** Where tables refer to each other, none can be the first. Unchecked, a key may refer to a table that is made later. */
function withCycles(tables: readonly TableState[], statements: string[]): string[] {
  if (!hasCycle(tables)) return statements
  return ['set foreign_key_checks = 0', ...statements, 'set foreign_key_checks = 1']
}

/** Whether a table refers to a later one. */
function hasCycle(tables: readonly TableState[]): boolean {
  return tables.some(({ foreignKeys }, i) =>
    foreignKeys.some(({ table }) => tables.findIndex(({ name }) => name === table) > i),
  )
}

/** Makes a table where there is none. */
export function tableText(table: TableState, kind: Kind): string {
  const parts = [
    ...table.columns.map((column) => columnText(table.name, column, kind)),
    ...hiddenColumns(table).map(({ text }) => text),
    primaryKeyText(table),
    ...table.uniques.map((unique) => indexText(table, { ...unique, isUnique: true })),
    ...table.indexes.map((index) => indexText(table, index)),
    ...table.checks.map(checkText),
    ...table.foreignKeys.map(foreignKeyText),
  ]
  const comment = table.comment === undefined ? '' : ` comment = ${literal(table.comment)}`
  return (
    `create table ${quoted(table.name)} (${parts.join(', ')}) ` +
    `engine = innodb default charset = utf8mb4 collate = ${COLLATIONS[kind]}${comment}`
  )
}

/** A column within the text of its table. */
export function columnText(table: string, column: ColumnState, kind: Kind): string {
  const { name, type, collation, comment } = column
  const check = checkOf(column)
  const checkName = `${table}.${name}`
  return [
    quoted(name),
    typeText(type, kind),
    collation && `collate ${collation.mariadb}`,
    column.isNullable ? 'null' : 'not null',
    defaultText(column),
    column.isAuto && 'auto_increment',
    comment !== undefined && `comment ${literal(comment)}`,
    // MariaDB names a check of a column by itself like this, and takes no other name.
    check && kind === 'mysql' && checkName.length <= 64 && `constraint ${quoted(checkName)}`,
    check && `check (${check})`,
  ]
    .filter(Boolean)
    .join(' ')
}

/** The type of a column in SQL. */
export function typeText(type: ColumnType, kind: Kind): string {
  switch (type.name) {
    case 'string':
      // Long ones could not stand in one row together, as a row has 64 KB without its texts.
      return isLong(type) ? 'longtext' : `varchar(${type.maxLength})`
    case 'enumeration':
      return `varchar(${longestOf(type.values)})`
    case 'decimal':
      return `decimal(${type.precision}, ${type.scale})`
    case 'uuid':
      return `char(36) character set ascii collate ${kind === 'mariadb' ? 'ascii_nopad_bin' : 'ascii_bin'}`
    default:
      return STORED_AS[type.name]
  }
}

const STORED_AS = {
  integer: 'bigint',
  bigint: 'bigint',
  float: 'double',
  text: 'longtext',
  boolean: 'boolean',
  datetime: 'datetime(3)',
  date: 'date',
  time: 'time(3)',
  json: 'json',
  binary: 'longblob',
} as const

function isLong(type: ColumnType): boolean {
  return type.name === 'string' && type.maxLength > MAX_INDEXED_LENGTH
}

function checkOf({ name, type }: ColumnState): string | undefined {
  const column = quoted(name)
  if (type.name === 'boolean') return `${column} in (0, 1)`
  if (type.name === 'string' && isLong(type)) return `char_length(${column}) <= ${type.maxLength}`
  if (type.name !== 'enumeration') return undefined
  return `${column} in (${type.values.map(literal).join(', ')})`
}

const IN_PARENTHESES: ReadonlySet<ColumnType['name']> = new Set(['text', 'json', 'binary'])

function defaultText({ name, type, default: initial }: ColumnState): string | undefined {
  if (!initial) return undefined
  if (initial.kind === 'expression') return `default ${textFor('mariadb', initial.sql)}`
  const value = literal(storageOf(name, type).bind(initial.value))
  return IN_PARENTHESES.has(type.name) || isLong(type) ? `default (${value})` : `default ${value}`
}

/** A check within the text of its table. */
export function checkText({ name, sql }: CheckState): string {
  return `constraint ${quoted(name)} check (${textFor('mariadb', sql)})`
}

/** A foreign key within the text of its table. */
export function foreignKeyText({
  name,
  columns,
  table,
  refersTo,
  onDelete,
  onUpdate,
}: ForeignKeyState): string {
  return (
    `constraint ${quoted(name)} foreign key (${columns.map(quoted).join(', ')}) ` +
    `references ${quoted(table)} (${refersTo.map(quoted).join(', ')}) ` +
    `on delete ${onDelete} on update ${onUpdate}`
  )
}
