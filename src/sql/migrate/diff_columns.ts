import { isDeepStrictEqual } from 'node:util'
import type { ColumnType } from '../column_type.ts'
import type { ColumnState, TableState } from '../ddl/table_state.ts'
import { isConvertible, isSameColumn, isSameType, membersGone } from './compare.ts'
import { type ColumnChanges, isInUnique } from './diff_parts.ts'
import type { Fill } from './operation.ts'
import type { Plan } from './plan.ts'
import { valueText } from './render_value.ts'

/** How the columns that both have are different. */
export function changesOf(from: TableState, to: TableState): ColumnChanges {
  const changes = new Map<string, 'retyped' | 'replaced'>()
  for (const old of from.columns) {
    const fresh = to.columns.find(({ name }) => name === old.name)
    if (!fresh || isSameType(old.type, fresh.type)) continue
    const change = isConvertible(old.type, fresh.type) ? 'retyped' : 'replaced'
    changes.set(`${from.name}.${old.name}`, change)
  }
  return changes
}

/** Add, alter and drop the columns of a table, and change its key. */
export function diffColumns(plan: Plan, to: TableState): void {
  const { name: table } = to
  const from = plan.table(table)
  const changes = changesOf(from, to)
  const isReplaced = ({ name }: ColumnState) => changes.get(`${table}.${name}`) === 'replaced'
  for (const column of from.columns.filter(isReplaced)) dropColumn(plan, table, column)
  for (const column of to.columns) {
    const old = plan.table(table).columns.find(({ name }) => name === column.name)
    if (!old) addColumn(plan, to, column)
    else if (!isSameColumn(old, column)) alterColumn(plan, to, old, column)
  }
  if (!isDeepStrictEqual(plan.table(table).primaryKey, to.primaryKey)) {
    plan.do({ kind: 'setPrimaryKey', table, columns: to.primaryKey })
  }
  const gone = from.columns.filter(({ name }) => to.columns.every((each) => each.name !== name))
  for (const column of gone) dropColumn(plan, table, column)
}

function dropColumn(plan: Plan, table: string, { name }: ColumnState): void {
  plan.do({ kind: 'dropColumn', table, column: name })
  plan.notes.lost.push(`the values of ${table}.${name}`)
}

function addColumn(plan: Plan, to: TableState, column: ColumnState): void {
  const fill = fillFor(plan, to, column)
  plan.do({ kind: 'addColumn', table: to.name, column, ...(fill && { fill }) })
}

/** What rows get that are there already. */
function fillFor(plan: Plan, to: TableState, column: ColumnState): Fill | undefined {
  if (column.isAuto) return undefined
  const { name } = column
  const isKey = to.foreignKeys.some(({ columns }) => columns.includes(name))
  const isUnique = isInUnique(to, name)
  if (column.isNullable) {
    return column.default && (isUnique || isKey) ? { kind: 'value', value: null } : undefined
  }
  if (isKey || (isUnique && !isCountable(column.type))) {
    plan.notes.needs.push(`${to.name} to have no rows, as ${to.name}.${name} must have a value`)
    return undefined
  }
  if (isUnique) {
    plan.notes.fills.push(`rows of ${to.name} get numbers in ${name}`)
    return { kind: 'distinct' }
  }
  if (column.default) return undefined
  const value = plainValueOf(column.type)
  plan.notes.fills.push(`rows of ${to.name} get ${valueText(value)} in ${name}`)
  return { kind: 'value', value }
}

/** Whether it has room for another value in each row. */
function isCountable(type: ColumnType): boolean {
  return type.name !== 'boolean' && type.name !== 'enumeration'
}

function alterColumn(plan: Plan, to: TableState, old: ColumnState, column: ColumnState): void {
  const where = `${to.name}.${column.name}`
  const replace = replacementsOf(plan, where, old, column)
  const fill = old.isNullable && !column.isNullable ? fillOfNulls(plan, to, column) : undefined
  const need = needOf(where, old.type, column.type)
  if (need !== undefined) plan.notes.needs.push(need)
  plan.do({
    kind: 'alterColumn',
    table: to.name,
    column,
    ...(fill && { fill }),
    ...(replace && { replace }),
  })
  if (fill) plan.notes.lost.push(`which rows held null in ${where}`)
}

function replacementsOf(
  plan: Plan,
  where: string,
  { type }: ColumnState,
  column: ColumnState,
): Record<string, string | null> | undefined {
  const gone = membersGone(type, column.type)
  if (gone.length === 0 || column.type.name !== 'enumeration') return undefined
  const initial = column.default?.kind === 'value' ? column.default.value : undefined
  const member = column.type.values.find((each) => each === initial) ?? column.type.values[0]!
  const value = column.isNullable ? null : member
  plan.notes.lost.push(`${gone.join(', ')} of ${where}, which become ${value ?? 'null'}`)
  return Object.fromEntries(gone.map((each) => [each, value]))
}

function fillOfNulls(plan: Plan, to: TableState, column: ColumnState): Fill | undefined {
  const isKey = to.foreignKeys.some(({ columns }) => columns.includes(column.name))
  if (isKey || column.isAuto || isInUnique(to, column.name)) {
    plan.notes.needs.push(`no null in ${to.name}.${column.name}`)
    return undefined
  }
  const { default: initial } = column
  const value = initial?.kind === 'value' ? initial.value : plainValueOf(column.type)
  return { kind: 'value', value }
}

/** What must hold of values so that they fit; undefined where all of them do. */
function needOf(where: string, from: ColumnType, to: ColumnType): string | undefined {
  if (to.name === 'string' && !(from.name === 'string' && from.maxLength <= to.maxLength)) {
    return `no ${where} longer than ${to.maxLength}`
  }
  if (to.name === 'enumeration' && from.name !== 'enumeration') {
    return `every ${where} to be one of ${to.values.join(', ')}`
  }
  if (to.name === 'integer' && from.name === 'bigint') return `every ${where} within 2^53`
  if (to.name !== 'decimal' || from.name !== 'decimal' || isSameType(from, to)) return undefined
  const isWider = to.scale >= from.scale && to.precision - to.scale >= from.precision - from.scale
  return isWider
    ? undefined
    : `every ${where} to fit ${to.precision} digits, ${to.scale} of them decimals`
}

/** The plainest value of a type. */
function plainValueOf(type: ColumnType): unknown {
  switch (type.name) {
    case 'integer':
    case 'float':
      return 0
    case 'bigint':
      return 0n
    case 'decimal':
      return type.scale === 0 ? '0' : `0.${'0'.repeat(type.scale)}`
    case 'boolean':
      return false
    case 'datetime':
      return new Date(0)
    case 'date':
      return '1970-01-01'
    case 'time':
      return '00:00:00'
    case 'uuid':
      return '00000000-0000-0000-0000-000000000000'
    case 'json':
      return {}
    case 'binary':
      return new Uint8Array()
    case 'enumeration':
      return type.values[0]
    default:
      return ''
  }
}
