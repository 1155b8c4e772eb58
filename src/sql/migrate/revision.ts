import { MigrationError } from './errors.ts'
import type { Operations } from './operations.ts'

/** One step of the schema's history, and the way back. */
export interface Revision {
  /** 8 hexadecimal digits, given when the file is made. */
  readonly id: string
  /** The revisions that it follows: none for the first one, two for one that merges. */
  readonly parents: readonly string[]
  readonly message: string
  /** When the file was made, ISO 8601. */
  readonly date: string
  upgrade(this: void, op: Operations): void
  downgrade(this: void, op: Operations): void
}

/**
 * Declare a revision; its file exports it as `revision`.
 *
 * @example
 * ```ts
 * import { column, defineRevision } from 'dewar/db'
 *
 * const revision = defineRevision({
 *   id: '0a1b2c3d',
 *   parents: [],
 *   message: 'tasks',
 *   date: '2026-11-21T10:00:00Z',
 *   upgrade(op) {
 *     op.createTable('tasks', { id: column.id(), title: column.string(150) })
 *   },
 *   downgrade(op) {
 *     op.dropTable('tasks')
 *   },
 * })
 * ```
 */
export function defineRevision(revision: Revision): Revision {
  const { id, parents } = revision
  if (!/^\w{1,40}$/.test(id)) {
    throw new MigrationError(`The id of a revision is letters and digits, not "${id}".`)
  }
  if (parents.includes(id)) throw new MigrationError(`The revision ${id} is its own parent.`)
  return revision
}
