import { isDeepStrictEqual } from 'node:util'
import type { ColumnType } from '../column_type.ts'
import type { ColumnState } from '../ddl/table_state.ts'

/** Whether two columns are the same, whatever their names. */
export function isSameColumn(a: ColumnState, b: ColumnState): boolean {
  return isDeepStrictEqual({ ...a, name: '' }, { ...b, name: '' })
}

export function isSameType(a: ColumnType, b: ColumnType): boolean {
  return isDeepStrictEqual(a, b)
}

/** Whether a column keeps its values when its type changes so, as far as they fit. */
export function isConvertible(from: ColumnType, to: ColumnType): boolean {
  if (from.name === to.name) return true
  return FAMILIES.some((family) => family.has(from.name) && family.has(to.name))
}

/** Types whose values are stored alike, in all databases. */
const FAMILIES: readonly ReadonlySet<ColumnType['name']>[] = [
  new Set(['integer', 'bigint'] as const),
  new Set(['string', 'text', 'enumeration'] as const),
]

/** Members that an enumeration has and the other has not. */
export function membersGone(from: ColumnType, to: ColumnType): readonly string[] {
  if (from.name !== 'enumeration' || to.name !== 'enumeration') return []
  return from.values.filter((value) => !to.values.includes(value))
}
