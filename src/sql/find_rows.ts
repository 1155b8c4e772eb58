import { compileSelect } from './compile.ts'
import type { Executor } from './driver.ts'
import { loadGraph, relationsIn } from './graph.ts'
import { bindSelection, type Plan } from './plan.ts'
import { queryFor } from './query_for.ts'
import type { Decode, Table } from './table.ts'

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
  if (plan.wanted) await loadGraph(executor, table, rows, plan.wanted)
  return rows
}

/** Makes what a plan selects. */
export function decoderOf<Row extends object>(
  table: Table,
  { columns, wanted }: Plan,
): Decode<Row> {
  const decode =
    columns || wanted
      ? table.decoderOf(columns ?? table.columns, wanted ? relationsIn(table, wanted) : [])
      : table.decode
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the types say of each column and relation what is made here
  return decode as Decode<Row>
}
