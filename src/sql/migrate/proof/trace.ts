import type { SchemaOperation } from '../operation.ts'
import type { Renames } from '../renames.ts'
import type { Schema } from '../schema.ts'
import { isSchemaStep, type Step } from '../steps.ts'

/** What becomes of the columns that are there at first. */
export interface Trace {
  /** The names that they have in the end. */
  readonly renames: Renames
  /** Those of which values are lost, as `table.column` with their first names. */
  readonly lost: ReadonlySet<string>
}

/** Follow each column through steps. */
export function traceOf(steps: readonly Step[], from: Schema): Trace {
  const columns = [...from.values()].flatMap((table) =>
    table.columns.map(({ name }) => new TracedColumn(table.name, name)),
  )
  for (const step of steps) {
    if (isSchemaStep(step)) for (const column of columns) column.follow(step.operation)
  }
  const tables = new Map<string, string>()
  const renamed = new Map<string, Map<string, string>>()
  for (const column of columns.filter(({ isGone }) => !isGone)) {
    if (column.table !== column.firstTable) tables.set(column.firstTable, column.table)
    if (column.name === column.firstName) continue
    const names = renamed.get(column.firstTable) ?? new Map<string, string>()
    renamed.set(column.firstTable, names.set(column.firstName, column.name))
  }
  const lost = columns
    .filter(({ isLost }) => isLost)
    .map(({ firstTable, firstName }) => `${firstTable}.${firstName}`)
  return { renames: { tables, columns: renamed }, lost: new Set(lost) }
}

class TracedColumn {
  readonly firstTable: string
  readonly firstName: string
  table: string
  name: string
  isGone = false
  isLost = false

  constructor(table: string, name: string) {
    this.firstTable = table
    this.firstName = name
    this.table = table
    this.name = name
  }

  follow(operation: SchemaOperation): void {
    if (this.isGone || operation.kind === 'createTable' || operation.table !== this.table) return
    switch (operation.kind) {
      case 'dropTable':
        this.#drop()
        return
      case 'renameTable':
        this.table = operation.to
        return
      case 'dropColumn':
        if (operation.column === this.name) this.#drop()
        return
      case 'renameColumn':
        if (operation.column === this.name) this.name = operation.to
        return
      case 'alterColumn':
        if (operation.column.name !== this.name) return
        this.isLost ||= operation.fill !== undefined || operation.replace !== undefined
        return
      default:
    }
  }

  #drop(): void {
    this.isGone = true
    this.isLost = true
  }
}
