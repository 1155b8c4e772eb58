import { type Expression, type OperationNode, type RawBuilder, RawNode, sql } from 'kysely'
import type { Model } from './model.ts'

/** Tables by their models; those that have none, such as views, by name. */
export type Tables = readonly (Model | string)[]

export interface Declared {
  readonly reads: readonly string[]
  readonly writes: readonly string[]
}

interface DeclaredNode extends RawNode {
  readonly declared: Declared
}

/**
 * SQL text that says which tables it reads and writes, where the database does not say so itself.
 *
 * SQLite does, and what is said here counts for nothing there.
 *
 * @example
 * ```ts
 * import { id, model, sql, touching } from 'dewar/db'
 *
 * const Task = model('tasks', { id: id() })
 * const newest = touching({ reads: [Task] }, sql<number>`select max(id) from tasks`)
 * ```
 */
export function touching<T>(
  tables: { readonly reads?: Tables; readonly writes?: Tables },
  expression: Expression<T>,
): RawBuilder<T> {
  const declared = { reads: namesOf(tables.reads), writes: namesOf(tables.writes) }
  const toOperationNode = (): DeclaredNode => ({
    ...RawNode.create(['', ''], [expression.toOperationNode()]),
    declared,
  })
  return sql<T>`${{ expressionType: undefined, toOperationNode }}`
}

export function isDeclared(node: OperationNode): node is DeclaredNode {
  return RawNode.is(node) && 'declared' in node
}

function namesOf(tables: Tables = []): string[] {
  return tables.map((table) => (typeof table === 'string' ? table : table.table))
}
