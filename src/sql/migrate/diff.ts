import type { TableState } from '../ddl/table_state.ts'
import { isConvertible } from './compare.ts'
import { changesOf, diffColumns } from './diff_columns.ts'
import { addParts, dropParts, renameParts } from './diff_parts.ts'
import type { SchemaOperation } from './operation.ts'
import { type Notes, Plan } from './plan.ts'
import { inverse, type Renames } from './renames.ts'
import { type Schema, tableIn } from './schema.ts'

/** What leads from one state of the tables to another. */
export interface Difference {
  readonly operations: readonly SchemaOperation[]
  readonly notes: Notes
}

/** The difference both ways. */
export interface Differences {
  readonly up: Difference
  readonly down: Difference
}

export function diffBoth(from: Schema, to: Schema, renames: Renames): Differences {
  return { up: diff(from, to, renames), down: diff(to, from, inverse(renames)) }
}

/**
 * What leads from one state of the tables to another. The order of columns does not count.
 *
 * What was not renamed, and whose values cannot be kept, is dropped and made anew.
 */
export function diff(from: Schema, to: Schema, renames: Renames): Difference {
  const plan = new Plan(from)
  renameAll(plan, renames)
  const kept = [...plan.schema.values()]
    .filter((table) => isKept(table, to))
    .map(({ name }) => name)
  const changes = new Map(
    kept.flatMap((name) => [...changesOf(plan.table(name), tableIn(to, name))]),
  )
  renameParts(plan, kept, to)
  dropParts(plan, kept, to, changes)
  dropTables(plan, kept)
  for (const name of kept) diffTable(plan, tableIn(to, name))
  // What foreign keys stand on comes before them; what columns of new tables refer to, before those.
  const fresh = [...to.values()].filter(({ name }) => !kept.includes(name))
  addParts(plan, to, ({ kind }) => kind !== 'foreignKey')
  for (const table of fresh) createTable(plan, table)
  addParts(plan, to, () => true)
  return { operations: plan.operations, notes: plan.notes }
}

function renameAll(plan: Plan, { tables, columns }: Renames): void {
  for (const [table, names] of columns) {
    for (const [column, to] of names) plan.do({ kind: 'renameColumn', table, column, to })
  }
  for (const [table, to] of tables) plan.do({ kind: 'renameTable', table, to })
}

/** Rows are known by their key: a table of which nothing of the key can be kept is another one. */
function isKept(table: TableState, to: Schema): boolean {
  const target = to.get(table.name)
  if (!target) return false
  const pairs = table.primaryKey.map((name) => ({
    old: table.columns.find((each) => each.name === name),
    fresh: target.columns.find((each) => each.name === name),
  }))
  const isLost = pairs.some(
    ({ old, fresh }) => old && fresh && !isConvertible(old.type, fresh.type),
  )
  return !isLost && pairs.some(({ fresh }) => fresh !== undefined)
}

/** Those that refer to others first; where tables refer to each other, a foreign key goes before. */
function dropTables(plan: Plan, kept: readonly string[]): void {
  for (;;) {
    const left = [...plan.schema.values()].filter(({ name }) => !kept.includes(name))
    const [first] = left
    if (!first) return
    const next = left.find((table) => keysTo(table, left).length === 0)
    if (next) {
      plan.do({ kind: 'dropTable', table: next.name })
      plan.notes.lost.push(`the table ${next.name} with its rows`)
      continue
    }
    for (const [table, name] of keysTo(first, left))
      plan.do({ kind: 'dropConstraint', table, name })
  }
}

/** Foreign keys of other tables to this one. */
function keysTo(
  { name }: TableState,
  tables: readonly TableState[],
): (readonly [table: string, key: string])[] {
  return tables
    .filter((each) => each.name !== name)
    .flatMap((each) =>
      each.foreignKeys
        .filter((key) => key.table === name)
        .map((key) => [each.name, key.name] as const),
    )
}

function diffTable(plan: Plan, to: TableState): void {
  diffColumns(plan, to)
  const { comment } = plan.table(to.name)
  if (comment === to.comment) return
  plan.do({ kind: 'commentTable', table: to.name, comment: to.comment })
}

/** Foreign keys to tables that are not there yet are added when all are. */
function createTable(plan: Plan, table: TableState): void {
  const isThere = (name: string) => name === table.name || plan.schema.has(name)
  const foreignKeys = table.foreignKeys.filter((key) => isThere(key.table))
  plan.do({ kind: 'createTable', table: { ...table, foreignKeys } })
}
