import { compileSelect } from './compile.ts'
import type { Executor } from './driver.ts'
import type { Decode } from './decode.ts'
import { loadTree } from './graph.ts'
import { bindSelection, type Plan } from './plan.ts'
import { queryFor } from './query_for.ts'
import type { Table } from './table.ts'
import { treeOf } from './tree.ts'

/** The rows of a plan, with what they are related to. */
export async function findRows<Row extends object>(
  executor: Executor,
  table: Table,
  plan: Plan,
): Promise<Row[]> {
  const bound = bindSelection(table, 'all', plan)
  const query = queryFor(table, bound.key, () => compileSelect(table, plan, 'rows'), 'rows')
  const found = executor.execute(query, bound.values)
  const rows = (found instanceof Promise ? await found : found).map(decoderOf<Row>(table, plan))
  if (plan.wanted) await loadTree(executor, treeOf(table, plan.wanted, plan), rows)
  return rows
}

/** Makes what a plan selects. */
export function decoderOf<Row extends object>(table: Table, plan: Plan): Decode<Row> {
  const { columns, wanted } = plan
  const decode = columns || wanted ? treeOf(table, wanted ?? {}, plan).decode : table.decode
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the types say of each column and relation what is made here
  return decode as Decode<Row>
}
