import type { ColumnState, ForeignKeyState, TableState } from '../ddl/table_state.ts'
import { COLLATIONS } from './connect.ts'
import { checkText, columnText, foreignKeyText } from './ddl.ts'
import { hiddenColumns, indexText, primaryKeyText } from './keys.ts'
import { quoted } from './quoting.ts'

/** What a table consists of, by name, each with its text. */
export interface Parts {
  readonly columns: ReadonlyMap<string, string>
  readonly hidden: ReadonlyMap<string, string>
  readonly primaryKey: string | undefined
  readonly keys: ReadonlyMap<string, string>
  /** Of foreign keys that no other key serves; the server makes them by itself. */
  readonly servingKeys: ReadonlyMap<string, string>
  readonly checks: ReadonlyMap<string, string>
  readonly foreignKeys: ReadonlyMap<string, string>
  readonly comment: string | undefined
}

export function partsOf(table: TableState): Parts {
  const uniques = table.uniques.map((unique) => ({ ...unique, isUnique: true }))
  const keys = [...uniques, ...table.indexes]
  return {
    columns: byName(table.columns, (column) => columnOf(table, column)),
    hidden: new Map(hiddenColumns(table).map(({ name, text }) => [name, text])),
    primaryKey: table.primaryKey.length === 0 ? undefined : primaryKeyText(table),
    keys: byName(keys, (index) => indexText(table, index)),
    servingKeys: byName(unservedIn(table), keyFor),
    checks: byName(table.checks, checkText),
    foreignKeys: byName(table.foreignKeys, foreignKeyText),
    comment: table.comment,
  }
}

/** The text of a column, wherever its table came from: one that other tools made may have another collation. */
export function columnOf(table: TableState, column: ColumnState): string {
  const isAuto = column.isAuto && leadsKey(table, column.name)
  const collation = TEXTS.has(column.type.name) ? (column.collation ?? OURS) : column.collation
  const whole = { ...column, isAuto, ...(collation && { collation }) }
  return columnText(table.name, whole, 'mariadb')
}

const OURS = { sqlite: 'binary', postgresql: 'C', mariadb: COLLATIONS.mariadb }

const TEXTS: ReadonlySet<string> = new Set(['string', 'text', 'enumeration'])

/** The server numbers a column only while a key begins with it. */
function leadsKey({ primaryKey, uniques, indexes }: TableState, name: string): boolean {
  return [primaryKey, ...[...uniques, ...indexes].map(({ columns }) => columns)].some(
    ([first]) => first === name,
  )
}

function unservedIn({ primaryKey, uniques, indexes, foreignKeys }: TableState): ForeignKeyState[] {
  const keys = [primaryKey, ...[...uniques, ...indexes].map(({ columns }) => columns)]
  return foreignKeys.filter(({ columns }) => {
    const isServed = keys.some((key) => columns.every((name, i) => key[i] === name))
    if (!isServed) keys.push(columns)
    return !isServed
  })
}

function keyFor({ name, columns }: ForeignKeyState): string {
  return `key if not exists ${quoted(name)} (${columns.map(quoted).join(', ')})`
}

function byName<T extends { readonly name: string }>(
  list: readonly T[],
  toText: (each: T) => string,
): Map<string, string> {
  return new Map(list.map((each) => [each.name, toText(each)]))
}
