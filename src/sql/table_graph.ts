import type { ForeignKeyState, TableState } from './ddl/table_state.ts'

/** What happens to rows: they go, any column changes, or these do. */
export type Change = 'delete' | 'update' | readonly string[]

interface Referrer {
  readonly table: string
  readonly foreignKey: ForeignKeyState
}

/** What writing to one table does to others, by their foreign keys. */
export class TableGraph {
  readonly #tables: ReadonlySet<string>
  readonly #referrers = new Map<string, Referrer[]>()

  constructor(tables: readonly TableState[]) {
    this.#tables = new Set(tables.map(({ name }) => name))
    for (const { name, foreignKeys } of tables) {
      for (const foreignKey of foreignKeys) {
        const referrers = this.#referrers.get(foreignKey.table) ?? []
        this.#referrers.set(foreignKey.table, [...referrers, { table: name, foreignKey }])
      }
    }
  }

  has(table: string): boolean {
    return this.#tables.has(table)
  }

  /** The tables that change, by cascades, when rows of `table` do. It may be itself. */
  changedBy(table: string, change: Change): ReadonlySet<string> {
    const changed = new Set<string>()
    this.#follow(table, change, changed, new Set())
    return changed
  }

  #follow(table: string, change: Change, changed: Set<string>, seen: Set<string>): void {
    if (change.length === 0) return
    for (const referrer of this.#referrers.get(table) ?? []) {
      const next = changeOf(referrer.foreignKey, change)
      const step = `${referrer.table} ${referrer.foreignKey.name} ${next === 'delete'}`
      if (next === undefined || seen.has(step)) continue
      changed.add(referrer.table)
      this.#follow(referrer.table, next, changed, seen.add(step))
    }
  }
}

/** What happens to the rows that refer to those that change. */
function changeOf(foreignKey: ForeignKeyState, change: Change): Change | undefined {
  const { onDelete, onUpdate, columns, refersTo } = foreignKey
  const isByName = change !== 'delete' && change !== 'update'
  if (isByName && !refersTo.some((name) => change.includes(name))) return undefined
  const action = change === 'delete' ? onDelete : onUpdate
  if (action === 'set null') return columns
  if (action === 'cascade') return change === 'delete' ? change : columns
  return undefined
}
