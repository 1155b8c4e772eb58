import { isDeepStrictEqual } from 'node:util'
import type { IndexState, TableState } from '../ddl/table_state.ts'
import type { ConstraintState, SchemaOperation } from './operation.ts'
import type { Plan } from './plan.ts'
import { namesColumn, plainName, type Schema, tableIn } from './schema.ts'

/** A constraint or an index of a table. */
export type Part = ConstraintState | ({ readonly kind: 'index' } & IndexState)

function partsOf({ uniques, checks, indexes, foreignKeys }: TableState): Part[] {
  return [
    ...uniques.map((each) => ({ kind: 'unique', ...each }) as const),
    ...checks.map((each) => ({ kind: 'check', ...each }) as const),
    ...indexes.map((each) => ({ kind: 'index', ...each }) as const),
    ...foreignKeys.map((each) => ({ kind: 'foreignKey', ...each }) as const),
  ]
}

/** Whether a column is the key of something unique, alone or with others. */
export function isInUnique({ primaryKey, uniques, indexes }: TableState, column: string): boolean {
  const unique = [...uniques, ...indexes.filter(({ isUnique }) => isUnique)]
  const isIn = (names: readonly string[]) => names.some((name) => plainName(name) === column)
  return isIn(primaryKey) || unique.some(({ columns }) => isIn(columns))
}

/** How columns change that are there before and after, as `table.column`. */
export type ColumnChanges = ReadonlyMap<string, 'retyped' | 'replaced'>

/** Parts that are the same but for their names keep what they are made of. */
export function renameParts(plan: Plan, kept: readonly string[], to: Schema): void {
  for (const table of kept) {
    const wanted = partsOf(tableIn(to, table))
    for (const part of partsOf(plan.table(table))) {
      if (wanted.some(({ name }) => name === part.name)) continue
      const taken = new Set(partsOf(plan.table(table)).map(({ name }) => name))
      const same = wanted.find((each) => !taken.has(each.name) && isSameUnnamed(each, part))
      if (same) plan.do({ kind: 'renameConstraint', table, name: part.name, to: same.name })
    }
  }
}

function isSameUnnamed(a: Part, b: Part): boolean {
  return isDeepStrictEqual({ ...a, name: '' }, { ...b, name: '' })
}

/** Parts that go or change; foreign keys first, as they stand on what others make unique. */
export function dropParts(
  plan: Plan,
  kept: readonly string[],
  to: Schema,
  changes: ColumnChanges,
): void {
  const drops = kept.flatMap((name) => {
    const wanted = partsOf(tableIn(to, name))
    return partsOf(plan.table(name))
      .filter(
        (part) => isTouched(plan, name, part, { to, kept, changes }) || !isAmong(part, wanted),
      )
      .map((part) => ({ table: name, part }))
  })
  for (const { table, part } of drops.toSorted((a, b) => turnOf(a) - turnOf(b))) {
    plan.do(toDrop(table, part))
  }
}

function turnOf({ part }: { readonly part: Part }): number {
  return Number(part.kind !== 'foreignKey')
}

interface Around {
  readonly to: Schema
  readonly kept: readonly string[]
  readonly changes: ColumnChanges
}

/** Whether a part cannot stay as it is while what it stands on changes. */
function isTouched(plan: Plan, table: string, part: Part, { to, kept, changes }: Around): boolean {
  const changeOf = (name: string, of = table) => changes.get(`${of}.${plainName(name)}`)
  if (part.kind === 'check') {
    return plan
      .table(table)
      .columns.some(({ name }) => changeOf(name) === 'replaced' && namesColumn(part.sql, name))
  }
  if (part.kind !== 'foreignKey') return part.columns.some((name) => changeOf(name) === 'replaced')
  if (!kept.includes(part.table)) return true
  const key = plan.table(part.table).primaryKey
  return (
    part.columns.some((name) => changeOf(name) !== undefined) ||
    part.refersTo.some((name) => changeOf(name, part.table) !== undefined) ||
    !isDeepStrictEqual(key, tableIn(to, part.table).primaryKey)
  )
}

function isAmong(part: Part, wanted: readonly Part[]): boolean {
  return wanted.some((each) => isDeepStrictEqual(each, part))
}

function toDrop(table: string, part: Part): SchemaOperation {
  if (part.kind !== 'index') return { kind: 'dropConstraint', table, name: part.name }
  return { kind: 'dropIndex', table, name: part.name, isConcurrent: false }
}

/** Add what is missing. @param isDue which kinds have their turn */
export function addParts(plan: Plan, to: Schema, isDue: (part: Part) => boolean): void {
  for (const { name: table } of plan.schema.values()) {
    const present = partsOf(plan.table(table))
    for (const part of partsOf(tableIn(to, table))) {
      if (!isDue(part) || present.some(({ name }) => name === part.name)) continue
      plan.do(toAdd(table, part))
      plan.notes.needs.push(...needOf(table, part))
    }
  }
}

function toAdd(table: string, part: Part): SchemaOperation {
  if (part.kind !== 'index') return { kind: 'addConstraint', table, constraint: part }
  const { kind: _, ...index } = part
  return { kind: 'createIndex', table, index, isConcurrent: false }
}

function needOf(table: string, part: Part): string[] {
  if (part.kind === 'check') return [`every row of ${table} to pass ${part.name}`]
  const columns = part.columns.map(plainName).join(', ')
  if (part.kind === 'foreignKey') {
    return [`every ${table}.${columns} to be null or in ${part.table}`]
  }
  const isUnique = part.kind === 'unique' || part.isUnique
  return isUnique ? [`no two rows of ${table} with the same ${columns}`] : []
}
