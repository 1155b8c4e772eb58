import { isDeepStrictEqual } from 'node:util'
import type { ColumnType } from '../column_type.ts'
import { databaseNow } from '../database_default.ts'
import type { ColumnState } from '../ddl/table_state.ts'
import { valueText } from './render_value.ts'

/** A column as TypeScript. @param prefix what stands before the names of types: `column.` in revisions, nothing in models */
export function columnText(column: ColumnState, prefix = 'column.'): string {
  const { isNullable, isAuto, collation, comment } = column
  const calls = [
    isAuto ? `${prefix}id()` : `${prefix}${typeText(column.type, prefix)}`,
    isNullable && 'nullable()',
    defaultText(column),
    collation && `collate(${valueText(collation)})`,
    comment !== undefined && `comment(${valueText(comment)})`,
  ]
  return calls.filter((call) => call !== false && call !== undefined).join('.')
}

function typeText(type: ColumnType, prefix: string): string {
  if (type.name === 'string') return `string(${type.maxLength})`
  if (type.name === 'decimal') return `decimal(${type.precision}, ${type.scale})`
  if (type.name === 'enumeration') return `enumeration(${valueText(type.values)})`
  return type.name === 'json' && prefix === '' ? 'json(z.unknown())' : `${type.name}()`
}

function defaultText({ default: initial }: ColumnState): string | undefined {
  if (!initial) return undefined
  if (initial.kind === 'value') return `default(${valueText(initial.value)})`
  if (isDeepStrictEqual(initial.sql, databaseNow.expression)) return 'default(databaseNow)'
  return `default(new DatabaseDefault(${valueText(initial.sql)}))`
}
