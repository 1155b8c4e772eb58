import type { ColumnType } from '../column_type.ts'
import type {
  ColumnState,
  DefaultState,
  ForeignKeyState,
  IndexState,
  ReferentialAction,
  TableState,
  UniqueState,
} from '../ddl/table_state.ts'
import { nameOf } from '../ddl/state_of.ts'
import { type ConstraintText, parseTable, type TableText } from './parse_table.ts'
import { typeOf } from './introspect_type.ts'

/** What SQLite's own tables hold. */
type Cell = string | number | null

/** Runs a query; rows come as arrays. */
export type RunQuery = (sql: string, ...values: readonly string[]) => readonly (readonly Cell[])[]

/** The tables of a SQLite database, besides SQLite's own and those of migrations. */
export function introspectSqlite(run: RunQuery): TableState[] {
  const tables = run(
    `select name, sql from sqlite_schema where type = 'table'
     and name not like 'sqlite\\_%' escape '\\' and sql like 'create table%' order by rowid`,
  )
  return tables.map(([name, sql]) => tableOf(run, String(name), String(sql)))
}

function tableOf(run: RunQuery, name: string, sql: string): TableState {
  const text = parseTable(sql)
  const rows = run('select name, type, "notnull", dflt_value, pk from pragma_table_info(?)', name)
  const keys = rows
    .filter(([, , , , pk]) => pk !== 0)
    .toSorted((a, b) => Number(a[4]) - Number(b[4]))
  const primaryKey = keys.map(([column]) => String(column))
  const checks = text.constraints.filter(({ kind }) => kind === 'check')
  const columns = rows.map((row) => columnOf(row, text, checks, primaryKey))
  const taken = new Set(columns.flatMap(({ check }) => (check ? [check] : [])))
  return {
    name,
    columns: columns.map(({ column }) => column),
    primaryKey,
    uniques: uniquesOf(run, name, text),
    indexes: indexesOf(run, name),
    checks: checks
      .filter((check) => !taken.has(check))
      .map((check, i) => ({
        name: check.name ?? nameOf('ck', name, [String(i + 1)]),
        sql: check.sql,
      })),
    foreignKeys: foreignKeysOf(run, name, text),
  }
}

/** A column, and the check that is part of its type. */
interface Found {
  readonly column: ColumnState
  readonly check: ConstraintText | undefined
}

function columnOf(
  [nameValue, declared, notNull, initial, pk]: readonly Cell[],
  text: TableText,
  checks: readonly ConstraintText[],
  primaryKey: readonly string[],
): Found {
  const name = String(nameValue)
  const { type, check } = typeOf(String(declared), name, checks)
  const isAuto =
    pk !== 0 &&
    primaryKey.length === 1 &&
    String(declared).toLowerCase() === 'integer' &&
    (text.hasAutoincrement || !text.isStrict)
  const collation = text.columns.get(name)?.collation
  const found = initial === null ? undefined : defaultOf(String(initial), type)
  const column = {
    name,
    type,
    isNullable: notNull === 0 && pk === 0,
    isAuto,
    ...(found && { default: found }),
    ...(collation !== undefined && {
      collation: { sqlite: collation, postgresql: collation, mariadb: collation },
    }),
  }
  return { column, check }
}

/** A constant where it is one, else SQL. */
function defaultOf(sql: string, type: ColumnType): DefaultState | undefined {
  if (/^null$/i.test(sql)) return undefined
  const [, text] = /^'((?:[^']|'')*)'$/.exec(sql) ?? []
  if (text !== undefined) {
    const value = text.replaceAll("''", "'")
    if (TEXTS.has(type.name)) return { kind: 'value', value }
    return { kind: 'expression', sql }
  }
  if (/^-?\d+(\.\d+)?$/.test(sql)) {
    if (type.name === 'boolean') return { kind: 'value', value: sql !== '0' }
    if (type.name === 'integer' || type.name === 'float')
      return { kind: 'value', value: Number(sql) }
  }
  return {
    kind: 'expression',
    sql: sql.startsWith('(') || /^[\w'-]/.test(sql) ? bracketed(sql) : sql,
  }
}

const TEXTS: ReadonlySet<string> = new Set(['string', 'text', 'enumeration', 'date', 'uuid'])

/** SQLite takes a call only in parentheses, and tells it without. */
function bracketed(sql: string): string {
  return /^(?:[-+]?[\d.]+|x?'.*'|current_\w+)$/i.test(sql) || sql.startsWith('(') ? sql : `(${sql})`
}

function uniquesOf(run: RunQuery, table: string, { constraints }: TableText): UniqueState[] {
  const named = constraints.filter(({ kind }) => kind === 'unique')
  const lists = run(
    `select name from pragma_index_list(?) where origin = 'u' order by seq desc`,
    table,
  )
  return lists.map(([index]) => {
    const columns = run('select name from pragma_index_info(?) order by seqno', String(index)).map(
      ([column]) => String(column),
    )
    const isSame = (each: ConstraintText) => String(each.columns) === String(columns)
    return { name: named.find(isSame)?.name ?? nameOf('uq', table, columns), columns }
  })
}

function indexesOf(run: RunQuery, table: string): IndexState[] {
  const lists = run(
    `select l.name, l."unique", s.sql from pragma_index_list(?) l
     join sqlite_schema s on s.name = l.name and s.type = 'index' where l.origin = 'c' order by l.seq desc`,
    table,
  )
  return lists.map(([name, isUnique, sql]) => {
    const parts = run(
      'select name, "desc" from pragma_index_xinfo(?) where key = 1 order by seqno',
      String(name),
    )
    const [, where] = /\)\s*where\s+([\s\S]+)$/i.exec(String(sql)) ?? []
    return {
      name: String(name),
      columns: parts.map(
        ([column, isDescending]) => `${isDescending === 1 ? '-' : ''}${String(column)}`,
      ),
      isUnique: isUnique === 1,
      ...(where !== undefined && { where }),
    }
  })
}

function foreignKeysOf(
  run: RunQuery,
  table: string,
  { constraints }: TableText,
): ForeignKeyState[] {
  const rows = run(
    'select id, "table", "from", "to", on_update, on_delete from pragma_foreign_key_list(?) order by id desc, seq',
    table,
  )
  const named = constraints.filter(({ kind }) => kind === 'foreign')
  return [...Map.groupBy(rows, ([id]) => id).values()].map((parts) => {
    const columns = parts.map((part) => String(part[2]))
    const isSame = (each: ConstraintText) => String(each.columns) === String(columns)
    const [, target, , , onUpdate, onDelete] = parts[0]!
    return {
      name: named.find(isSame)?.name ?? nameOf('fk', table, columns),
      columns,
      table: String(target),
      refersTo: parts.flatMap((part) => (part[3] === null ? [] : [String(part[3])])),
      onDelete: actionOf(onDelete),
      onUpdate: actionOf(onUpdate),
    }
  })
}

function actionOf(action: Cell | undefined): ReferentialAction {
  const name = String(action).toLowerCase()
  if (name === 'cascade' || name === 'set null' || name === 'restrict') return name
  return 'no action'
}
