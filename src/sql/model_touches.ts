import { type AnyCondition, Compound } from './condition.ts'
import type { Pins, Query } from './driver.ts'
import { pinnedBy } from './pins.ts'
import type { Table } from './table.ts'
import type { Change } from './table_graph.ts'

const NONE: ReadonlySet<string> = new Set()

type Touching = Pick<Query, 'touches' | 'pins'>

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
