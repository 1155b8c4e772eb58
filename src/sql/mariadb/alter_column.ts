import type { ColumnType } from '../column_type.ts'
import type { ColumnState, TableState } from '../ddl/table_state.ts'
import type { AlterColumn, Fill } from '../migrate/operation.ts'
import { changeTable } from './change_table.ts'
import { columnOf } from './parts.ts'
import { literal, quoted } from './quoting.ts'
import { storageOf } from './storage.ts'

/**
 * Add a column; rows that are there get the fill. Until they have it, the column takes null where it will not, or takes
 * none where it will: whoever finds that after a crash knows that it is not finished, and may begin again.
 */
export function addColumn(
  before: TableState,
  after: TableState,
  column: ColumnState,
  given: Fill | undefined,
): string[] {
  const fill = column.isAuto ? ({ kind: 'distinct' } as const) : given
  const isFilled = fill === undefined && (column.isNullable || column.default !== undefined)
  if (isFilled) return changeTable(before, after)
  const isNull = fill?.kind === 'value' && fill.value === null
  const { default: _, ...plain } = column
  const initial = initialOf(column, fill)
  const first: ColumnState = {
    ...plain,
    isAuto: false,
    isNullable: isNull || !column.isNullable,
    ...(initial !== undefined && { default: { kind: 'expression', sql: `(${initial})` } }),
  }
  return [
    `alter table ${quoted(after.name)} add column if not exists ${columnOf(after, first)}`,
    ...(fill?.kind === 'distinct' ? numberRows(after.name, column) : []),
    ...changeTable(withColumn(after, first), after),
  ]
}

/** Change what a column is; its values first, where they must. All of it may be done twice. */
export function alterColumn(
  before: TableState,
  after: TableState,
  { column, fill, replace = {} }: AlterColumn,
): string[] {
  const old = before.columns.find(({ name }) => name === column.name)!
  const filled = fill?.kind === 'value' ? literalOf(column, fill.value) : undefined
  const name = quoted(column.name)
  const update = `update ${quoted(after.name)} set ${name}`
  const updates = [
    ...Object.entries(replace).map(
      ([from, to]) =>
        `${update} = ${to === null ? 'null' : literal(to)} where ${name} = ${literal(from)}`,
    ),
    ...(filled === undefined ? [] : [`${update} = ${filled} where ${name} is null`]),
  ]
  const fit = requireFit(after.name, old, column)
  if (updates.length === 0) return [...fit, ...changeTable(before, after)]
  const { default: _, ...plain } = column
  const between = withColumn(before, { ...plain, isNullable: true, type: wider(old, column) })
  return [...fit, ...changeTable(before, between), ...updates, ...changeTable(between, after)]
}

function withColumn(table: TableState, column: ColumnState): TableState {
  const columns = table.columns.map((each) => (each.name === column.name ? column : each))
  return { ...table, columns }
}

/** A type that holds the values before and after. */
function wider({ type: from }: ColumnState, { type: to }: ColumnState): ColumnType {
  if (to.name !== 'enumeration') return to
  if (from.name !== 'enumeration') return { name: 'text' }
  return { name: 'enumeration', values: [...new Set([...from.values, ...to.values])] }
}

/** The server would round. */
function requireFit(
  table: string,
  { type: from }: ColumnState,
  { name, type }: ColumnState,
): string[] {
  if (from.name !== 'decimal' || type.name !== 'decimal' || type.scale >= from.scale) return []
  const message = `a value of ${table}.${name} has more than ${type.scale} decimals`
  const signal = `signal sqlstate '45000' set message_text = ${literal(message)}`
  const found = `exists (select 1 from ${quoted(table)} where ${quoted(name)} <> round(${quoted(name)}, ${type.scale}))`
  return [
    `set @dewar_fit = (select case when ${found} then ${literal(signal)} else 'do 0' end)`,
    'execute immediate @dewar_fit',
  ]
}

/** A value of a column as SQL; undefined for null. @throws {DataError} when the column cannot hold it */
function literalOf({ name, type }: ColumnState, given: unknown): string | undefined {
  return given === null ? undefined : literal(storageOf(name, type).bind(given))
}

function initialOf(column: ColumnState, fill: Fill | undefined): string | undefined {
  if (fill?.kind === 'value') return literalOf(column, fill.value)
  // Where it takes no null, it must have something.
  return fill && column.isNullable ? numberAs(column, '0') : undefined
}

function numberRows(table: string, column: ColumnState): string[] {
  const value = numberAs(column, '(@dewar_row := @dewar_row + 1)')
  return ['set @dewar_row = 0', `update ${quoted(table)} set ${quoted(column.name)} = ${value}`]
}

/** The number of a row, in the form of the column. */
function numberAs({ type }: ColumnState, n: string): string {
  switch (type.name) {
    case 'date':
      return `date '2000-01-01' + interval ${n} day`
    case 'datetime':
      return `timestamp '2000-01-01 00:00:00' + interval ${n} second`
    case 'time':
      return `sec_to_time(${n})`
    case 'uuid':
      return `concat('00000000-0000-4000-8000-', lower(lpad(hex(${n}), 12, '0')))`
    case 'string':
    case 'text':
    case 'enumeration':
    case 'json':
    case 'binary':
      return `cast(${n} as char)`
    default:
      return n
  }
}
