import { nameOf } from '../ddl/state_of.ts'
import type { ColumnState, TableState } from '../ddl/table_state.ts'
import { columnText } from './render_column.ts'
import { memberText, nameText, objectText, valueText } from './render_value.ts'

/** Models for tables that are there, as TypeScript to go on from. */
export function modelsText(tables: readonly TableState[]): string {
  const body = tables.map(modelText).join('\n\n')
  const words = new Set(body.match(/\b[a-z]\w*(?=\()|\bdatabaseNow\b/gi))
  const used = IMPORTS.filter((name) => words.has(name))
  const zod = body.includes('z.unknown()') ? ["import { z } from 'dewar/schema'"] : []
  return [`import { ${used.join(', ')} } from 'dewar/db'`, ...zod, '', body, ''].join('\n')
}

const IMPORTS = [
  'DatabaseDefault',
  'bigint',
  'binary',
  'boolean',
  'databaseNow',
  'date',
  'datetime',
  'decimal',
  'enumeration',
  'float',
  'id',
  'integer',
  'json',
  'model',
  'string',
  'text',
  'time',
  'uuid',
]

function modelText(table: TableState): string {
  const columns = table.columns.map(
    (column) => `  ${nameText(column.name)}: ${columnText(column, '')}${ownText(table, column)},`,
  )
  const options = optionLines(table)
  const end =
    options.length === 0 ? '})' : `}, {\n${options.map((each) => `  ${each},\n`).join('')}})`
  const name = nameOfModel(table.name)
  return [`export const ${name} = model(${valueText(table.name)}, {`, ...columns, end].join('\n')
}

/** What the table has for this column alone. */
function ownText(table: TableState, { name, isAuto }: ColumnState): string {
  const isAlone = ({ columns }: { readonly columns: readonly string[] }) =>
    columns.length === 1 && columns[0] === name
  const key = table.foreignKeys.find(isAlone)
  const isIndexed = table.indexes.some(
    (index) => isAlone(index) && !index.isUnique && index.where === undefined,
  )
  return [
    table.primaryKey.includes(name) && !isAuto && '.primary()',
    table.uniques.some(isAlone) && '.unique()',
    key && `.references(${referenceText(key)})`,
    isIndexed && !table.uniques.some(isAlone) && '.index()',
  ]
    .filter((text) => text !== false && text !== undefined)
    .join('')
}

function referenceText({
  table,
  refersTo,
  onDelete,
  onUpdate,
}: TableState['foreignKeys'][number]): string {
  const target = refersTo.length === 1 ? `${table}.${refersTo[0]}` : table
  const options = objectText([
    ['onDelete', onDelete === 'restrict' ? undefined : onDelete],
    ['onUpdate', onUpdate === 'restrict' ? undefined : onUpdate],
  ])
  return options === '{}' ? valueText(target) : `${valueText(target)}, ${options}`
}

function optionLines({
  name,
  uniques,
  indexes,
  checks,
  foreignKeys,
  comment,
}: TableState): string[] {
  const several = indexes.filter(
    (each) => isLong(each) || each.isUnique || each.where !== undefined,
  )
  return [
    ...memberText(
      'unique',
      uniques.filter(isLong).map(({ columns }) => columns),
    ),
    ...memberText(
      'indexes',
      several.map((each) => ({
        columns: each.columns,
        name: each.name === nameOf('ix', name, each.columns) ? undefined : each.name,
        unique: each.isUnique || undefined,
        where: each.where,
      })),
    ),
    ...(checks.length > 0
      ? [`checks: ${objectText(checks.map((each) => [shortName(name, each.name), each.sql]))}`]
      : []),
    ...memberText(
      'foreignKeys',
      foreignKeys.filter(isLong).map(({ columns, table, refersTo, onDelete, onUpdate }) => ({
        columns,
        table,
        refersTo,
        onDelete,
        onUpdate,
      })),
    ),
    ...(comment === undefined ? [] : [`comment: ${valueText(comment)}`]),
  ]
}

function isLong({ columns }: { readonly columns: readonly string[] }): boolean {
  return columns.length > 1
}

/** `ck_tasks_price` is the check `price` of a model. */
function shortName(table: string, name: string): string {
  const prefix = `ck_${table}_`
  return name.startsWith(prefix) ? name.slice(prefix.length) : name
}

/** `order_items` is `OrderItem`. */
function nameOfModel(table: string): string {
  const words = table.split('_').filter((word) => word !== '')
  const last = words.length - 1
  const singular = words.map((word, i) =>
    i === last ? word.replace(/(?<=\w{2})(?<!s)s$/, '') : word,
  )
  return singular.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('')
}
