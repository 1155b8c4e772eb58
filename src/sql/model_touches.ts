import { type AnyCondition, Compound } from './condition.ts'
import type { Pins, Query } from './driver.ts'
import { pinnedBy, pinnedByAnswer } from './pins.ts'
import type { Table } from './table.ts'
import type { Change } from './table_graph.ts'
import type { Joined } from './tree.ts'

const NONE: ReadonlySet<string> = new Set()

type Touching = Pick<Query, 'touches' | 'pins' | 'joined'>

/** What a selection from `table` touches. @param more tables that it joins */
export function reading(
  table: Table,
  conditions: readonly AnyCondition[],
  ...more: readonly string[]
): Touching {
  const reads = new Set([...tablesIn(table, conditions), ...more])
  // Joined to itself, it has other rows in the answer than those of its keys.
  const pins = more.includes(table.model.table) ? undefined : pinnedBy(table, conditions)
  return { touches: { reads, writes: NONE, beyond: NONE }, pins }
}

/** The same for rows with those that are joined to them. */
export function readingJoined(
  table: Table,
  conditions: readonly AnyCondition[],
  joins: readonly Joined[],
  ...more: readonly string[]
): Touching {
  const { pins } = reading(table, conditions, ...more)
  const reads = new Set([...tablesIn(table, conditions), ...more])
  // One that is read without naming keys is read whole, whatever else is read of it.
  const whole = new Set(reads)
  if (pins) whole.delete(table.model.table)
  const joined: Pins[] = []
  let first = table.columns.length
  for (const each of joins) {
    const found = pinnedByJoined(each, first)
    if (found) joined.push(found)
    else whole.add(each.tree.table.model.table)
    reads.add(each.tree.table.model.table)
    first += each.tree.columns.length
  }
  const isPinned = (each: Pins) => !whole.has(each.table)
  return {
    touches: { reads, writes: NONE, beyond: NONE },
    pins: pins && isPinned(pins) ? pins : undefined,
    joined: joined.filter(isPinned),
  }
}

/** Not where the row refers to what leads to it: another that does so may come. */
function pinnedByJoined({ link, tree }: Joined, first: number): Pins | undefined {
  const isByKey = tree.table.keys.length === 1 && tree.table.key.name === link.to
  return isByKey ? pinnedByAnswer(tree.table, 'rows', first) : undefined
}

/** What inserting into `table` touches; where rows may be there already, `changed` are the columns that are set then. */
export function inserting(table: Table, pins: Pins | undefined, changed: Change = []): Touching {
  return writing(table, [], changed, pins)
}

/** @param given the columns that are set; their values are bound before those of the condition */
export function updating(
  table: Table,
  given: readonly string[],
  condition: AnyCondition,
): Touching {
  const isMoved = table.keys.some(({ name }) => given.includes(name))
  const pins = isMoved ? undefined : pinnedBy(table, [condition], given.length)
  return writing(table, [condition], given, pins)
}

export function deleting(table: Table, condition: AnyCondition): Touching {
  return writing(table, [condition], 'delete', pinnedBy(table, [condition]))
}

function writing(
  table: Table,
  conditions: readonly AnyCondition[],
  change: Change,
  pins: Pins | undefined,
): Touching {
  const name = table.model.table
  const beyond = table.graph.changedBy(name, change)
  const reads = tablesIn(table, conditions)
  return { touches: { reads, writes: new Set([name, ...beyond]), beyond }, pins }
}

/** The table, and those of the relations that conditions speak of. */
function tablesIn(
  table: Table,
  conditions: readonly object[],
  found: Set<string> = new Set(),
): Set<string> {
  found.add(table.model.table)
  for (const condition of conditions) {
    if (condition instanceof Compound) tablesIn(table, condition.parts, found)
    else {
      for (const [name, match] of Object.entries<object>({ ...condition })) {
        const link = table.links.get(name)
        if (!link) continue
        if (link.through) found.add(link.through.model.table)
        tablesIn(table.other(link.target), [match], found)
      }
    }
  }
  return found
}
