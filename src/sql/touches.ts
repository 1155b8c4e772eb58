import type { Executor, Pins, Query, SQLValue, TouchedTables, Touches } from './driver.ts'

/** Which rows of a table: those with these keys as text, or any. */
export type Keys = ReadonlySet<string> | 'all'

/** Rows by table. */
export type Rows = ReadonlyMap<string, Keys>

/** The rows that a statement reads and writes. */
export interface TouchedRows {
  readonly reads: Rows
  readonly writes: Rows
}

/** More keys than these are the whole table. */
const MAX_KEYS = 100

/** The tables of a statement that `executor` ran. @param isPlain whether the models know all that a table does */
export function touchedTables(
  query: Query,
  executor: Pick<Executor, 'touchesOf'>,
  isPlain: (table: string) => boolean,
): Touches {
  const told = executor.touchesOf?.(query.sql)
  if (told) return told
  const { touches = 'everything' } = query
  if (touches === 'everything') return touches
  const isKnown = [...touches.reads, ...touches.writes].every(isPlain)
  return isKnown ? touches : 'everything'
}

/** Which rows those are. @param answer what the statement gave */
export function touchedRows(
  touches: TouchedTables,
  { pins, joined = [] }: Query,
  values: readonly SQLValue[],
  answer: unknown,
): TouchedRows {
  const pinned = new Map<string, Set<string> | 'all'>()
  for (const each of pins ? [pins, ...joined] : joined) {
    const keys = keysPinned(each, values, answer)
    pinned.set(each.table, union(pinned.get(each.table), keys))
  }
  const keysOf = (table: string): Keys => pinned.get(table) ?? 'all'
  return {
    reads: new Map([...touches.reads].map((table) => [table, keysOf(table)])),
    writes: new Map(
      [...touches.writes].map((table) => [
        table,
        touches.beyond.has(table) ? 'all' : keysOf(table),
      ]),
    ),
  }
}

function keysPinned(pins: Pins, values: readonly SQLValue[], answer: unknown): Keys {
  try {
    const keys = pins.keysOf(values, answer)
    return keys === undefined || keys.length > MAX_KEYS ? 'all' : new Set(keys)
  } catch {
    // A key is stored that the model does not allow.
    return 'all'
  }
}

/** The rows that several statements have written; grows no further than keys are kept. */
export class WrittenRows {
  #tables: Map<string, Set<string> | 'all'> | 'everything' = new Map()

  get rows(): Rows | 'everything' {
    return this.#tables
  }

  get isEmpty(): boolean {
    return this.#tables !== 'everything' && this.#tables.size === 0
  }

  add(rows: Rows | 'everything'): void {
    if (rows === 'everything') this.#tables = rows
    if (rows === 'everything' || this.#tables === 'everything') return
    for (const [table, keys] of rows) this.#tables.set(table, union(this.#tables.get(table), keys))
  }
}

function union(known: Set<string> | 'all' | undefined, keys: Keys): Set<string> | 'all' {
  if (known === 'all' || keys === 'all') return 'all'
  const all = known ?? new Set()
  for (const key of keys) all.add(key)
  return all.size > MAX_KEYS ? 'all' : all
}
