import type { Column } from '../column.ts'
import { DatabaseDefault } from '../database_default.ts'
import type { Model } from '../model.ts'
import type {
  CheckState,
  ColumnState,
  DefaultState,
  ForeignKeyState,
  IndexState,
  TableState,
  UniqueState,
} from './table_state.ts'

/**
 * What tables the models make, as plain data, those that others refer to first.
 *
 * @throws {TypeError} when two have one name, or a foreign key refers to what is not there
 */
export function statesOf(models: readonly Model[]): TableState[] {
  const byName = new Map(models.map((model) => [model.table, model]))
  if (byName.size < models.length) {
    const twice = models.find(({ table }, i) => models.findIndex((m) => m.table === table) < i)
    throw new TypeError(`Two models have the table "${twice?.table}".`)
  }
  return inOrder(models.map((model) => stateOf(model, byName)))
}

function stateOf(model: Model, models: ReadonlyMap<string, Model>): TableState {
  const columns = Object.entries<Column>(model.columns)
  const { comment } = model.options
  return {
    name: model.table,
    columns: columns.map(([name, column]) => columnStateOf(name, column)),
    primaryKey: model.primaryKey,
    uniques: uniquesOf(model, columns),
    indexes: indexesOf(model, columns),
    checks: Object.entries(model.options.checks ?? {}).map(([name, sql]): CheckState => ({
      name: nameOf('ck', model.table, [name]),
      sql,
    })),
    foreignKeys: foreignKeysOf(model, columns, models),
    ...(comment !== undefined && { comment }),
  }
}

/** One column as plain data. */
export function columnStateOf(name: string, column: Column): ColumnState {
  const initial = defaultStateOf(column)
  return {
    name,
    type: column.type,
    isNullable: column.isNullable,
    isAuto: column.presence === 'key',
    ...(initial && { default: initial }),
    ...(column.collation && { collation: column.collation }),
    ...(column.description !== undefined && { comment: column.description }),
  }
}

function defaultStateOf({ initial, presence }: Column): DefaultState | undefined {
  if (initial instanceof DatabaseDefault) return { kind: 'expression', sql: initial.expression }
  if (presence !== 'default' || initial === null) return undefined
  return { kind: 'value', value: initial }
}

function uniquesOf({ table, options }: Model, columns: readonly [string, Column][]): UniqueState[] {
  const single = columns.filter(([, column]) => column.isUnique).map(([name]) => [name])
  return [...single, ...(options.unique ?? [])].map((names) => ({
    name: nameOf('uq', table, names),
    columns: names,
  }))
}

function indexesOf({ table, options }: Model, columns: readonly [string, Column][]): IndexState[] {
  const single = columns
    .filter(([, column]) => column.isIndexed && !column.isUnique)
    .map(([name]): IndexState => ({
      name: nameOf('ix', table, [name]),
      columns: [name],
      isUnique: false,
    }))
  const several = (options.indexes ?? []).map((index): IndexState => ({
    name: index.name ?? nameOf('ix', table, index.columns),
    columns: index.columns,
    isUnique: index.unique ?? false,
    ...(index.where !== undefined && { where: index.where }),
  }))
  return [...single, ...several]
}

function foreignKeysOf(
  { table, options }: Model,
  columns: readonly [string, Column][],
  models: ReadonlyMap<string, Model>,
): ForeignKeyState[] {
  const single = columns.flatMap(([name, { reference }]) => {
    if (!reference) return []
    const { column, ...rest } = reference
    return [{ ...rest, columns: [name], refersTo: column === undefined ? undefined : [column] }]
  })
  return [...single, ...(options.foreignKeys ?? [])].map((foreignKey) => {
    const target = models.get(foreignKey.table)
    const refersTo = foreignKey.refersTo ?? target?.primaryKey ?? []
    checkTarget(`${table}.${foreignKey.columns.join(', ')}`, foreignKey.table, refersTo, target)
    return {
      name: nameOf('fk', table, foreignKey.columns),
      columns: foreignKey.columns,
      table: foreignKey.table,
      refersTo,
      onDelete: foreignKey.onDelete ?? 'no action',
      onUpdate: foreignKey.onUpdate ?? 'no action',
    }
  })
}

function checkTarget(
  from: string,
  table: string,
  names: readonly string[],
  target: Model | undefined,
): void {
  if (!target) {
    throw new TypeError(`${from} refers to "${table}", which is no table of the database's models.`)
  }
  const unknown = names.find((name) => !Object.hasOwn(target.columns, name))
  if (unknown === undefined) return
  throw new TypeError(`${from} refers to "${table}.${unknown}", which is no column.`)
}

/** Tables before those that refer to them, as far as they do not refer to each other. */
function inOrder(tables: readonly TableState[]): TableState[] {
  const byName = new Map(tables.map((table) => [table.name, table]))
  const ordered = new Set<TableState>()
  const entered = new Set<TableState>()
  const visit = (table: TableState): void => {
    if (entered.has(table)) return
    entered.add(table)
    for (const foreignKey of table.foreignKeys) visit(byName.get(foreignKey.table)!)
    ordered.add(table)
  }
  for (const table of tables) visit(table)
  return [...ordered]
}

/** The shortest limit of the databases. */
const MAX_NAME = 63

/** The name that an index or a constraint has when nobody gives it one. @param kind `uq`, `ix`, `ck` or `fk` */
export function nameOf(kind: string, table: string, parts: readonly string[]): string {
  const name = [kind, table, ...parts.map((part) => part.replace(/^-/, ''))].join('_')
  return name.length <= MAX_NAME ? name : `${name.slice(0, MAX_NAME - 9)}_${hash(name)}`
}

/** FNV-1a, so that long names stay apart. */
function hash(text: string): string {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  }
  return (value >>> 0).toString(16).padStart(8, '0')
}
