import { textFor } from '../column_type.ts'
import type { ColumnState, IndexState, TableState } from '../ddl/table_state.ts'
import { lengthOf } from '../storable_text.ts'
import { conditionColumn, hashColumn } from './hidden.ts'
import { quoted } from './quoting.ts'

/** What InnoDB takes for a whole key. */
const MAX_KEY_BYTES = 3072
const BYTES_PER_CHARACTER = 4
const HASH_BYTES = 32
const OTHER_BYTES = 36

/** The longest `string()` that an index can hold whole. */
export const MAX_INDEXED_LENGTH = MAX_KEY_BYTES / BYTES_PER_CHARACTER

/** The primary key's columns. @throws {TypeError} when it is too long for a key */
export function primaryKeyText(table: TableState): string {
  const columns = columnsOf(table, table.primaryKey)
  if (widthOf(columns) > MAX_KEY_BYTES) {
    throw new TypeError(
      `The primary key of "${table.name}" is too long for MariaDB: text in it is string() ` +
        `of at most ${MAX_INDEXED_LENGTH} characters in all.`,
    )
  }
  return `primary key (${columns.map(({ name }) => quoted(name)).join(', ')})`
}

/** An index within the text of its table. Of a column that is too long for a key a plain index has the beginning, a unique one the hash. */
export function indexText(table: TableState, index: IndexState): string {
  const columns = columnsOf(table, index.columns)
  const parts = index.isUnique ? uniqueParts(columns) : plainParts(columns)
  const ordered = parts.map((part, i) =>
    index.columns[i]?.startsWith('-') ? `${part} desc` : part,
  )
  if (index.isUnique && index.where !== undefined) {
    ordered.push(quoted(conditionColumn(index.name)))
  }
  return `${index.isUnique ? 'unique ' : ''}key ${quoted(index.name)} (${ordered.join(', ')})`
}

/** A column that no statement sees. */
interface HiddenColumn {
  readonly name: string
  readonly text: string
}

/** The hidden columns that the unique indexes of a table need. */
export function hiddenColumns(table: TableState): HiddenColumn[] {
  const unique = table.indexes.filter(({ isUnique }) => isUnique)
  const hashed = [...table.uniques, ...unique].flatMap(({ columns }) =>
    wideIn(columnsOf(table, columns)),
  )
  const conditions = unique.flatMap(({ name, where }) =>
    where === undefined ? [] : conditionOf(conditionColumn(name), textFor('mariadb', where)),
  )
  return [...[...new Set(hashed)].map(hashOf), ...conditions]
}

function conditionOf(name: string, sql: string): HiddenColumn {
  const is = `(case when ${sql} then 1 end)`
  return { name, text: `${quoted(name)} tinyint as ${is} virtual invisible` }
}

function hashOf({ name, collation }: ColumnState): HiddenColumn {
  if (collation) {
    throw new TypeError(
      `The column "${name}" has a collation and is unique, so on MariaDB it is a string() of at most ` +
        `${MAX_INDEXED_LENGTH} characters.`,
    )
  }
  const hidden = hashColumn(name)
  const hash = `(unhex(sha2(${quoted(name)}, 256)))`
  return {
    name: hidden,
    text: `${quoted(hidden)} binary(${HASH_BYTES}) as ${hash} virtual invisible`,
  }
}

function columnsOf(table: TableState, names: readonly string[]): ColumnState[] {
  return names.map((each) => {
    const name = each.replace(/^-/, '')
    const column = table.columns.find((other) => other.name === name)
    if (column) return column
    throw new TypeError(`An index of "${table.name}" names "${name}", which is no column.`)
  })
}

function uniqueParts(columns: readonly ColumnState[]): string[] {
  const wide = new Set(wideIn(columns))
  return columns.map((column) => quoted(wide.has(column) ? hashColumn(column.name) : column.name))
}

/** Those that do not fit beside the others. */
function wideIn(columns: readonly ColumnState[]): ColumnState[] {
  if (widthOf(columns) <= MAX_KEY_BYTES) return []
  return columns.filter((column) => bytesOf(column) > MAX_KEY_BYTES / columns.length)
}

function plainParts(columns: readonly ColumnState[]): string[] {
  if (widthOf(columns) <= MAX_KEY_BYTES) return columns.map(({ name }) => quoted(name))
  const long = columns.filter((column) => bytesOf(column) > OTHER_BYTES)
  const rest = OTHER_BYTES * (columns.length - long.length)
  const shareBytes = (MAX_KEY_BYTES - rest) / long.length
  return columns.map((column) => {
    if (bytesOf(column) <= shareBytes) return quoted(column.name)
    const length = column.type.name === 'binary' ? shareBytes : shareBytes / BYTES_PER_CHARACTER
    return `${quoted(column.name)}(${Math.floor(length)})`
  })
}

function widthOf(columns: readonly ColumnState[]): number {
  return columns.reduce((sum, column) => sum + bytesOf(column), 0)
}

/** What a column takes in a key at most. */
function bytesOf({ type }: ColumnState): number {
  switch (type.name) {
    case 'string':
      return type.maxLength > MAX_INDEXED_LENGTH ? Infinity : type.maxLength * BYTES_PER_CHARACTER
    case 'enumeration':
      return longestOf(type.values) * BYTES_PER_CHARACTER
    case 'text':
    case 'json':
    case 'binary':
      return Infinity
    default:
      return OTHER_BYTES
  }
}

/** The length of the longest text, in code points. */
export function longestOf(texts: readonly string[]): number {
  return Math.max(1, ...texts.map(lengthOf))
}
