import { oneByOne } from '../lib/one_by_one.ts'
import type { Executor } from './driver.ts'
import { findRows } from './find_rows.ts'
import { keysetOf, toTotalOrder } from './keyset.ts'
import type { Plan } from './plan.ts'
import type { Table } from './table.ts'

export interface StreamOptions {
  /** How many rows one statement reads. Default: 1000. */
  readonly batch?: number
}

/**
 * Rows one by one, in batches by the order's own values: no statement is open in between, so that the database's
 * log can be emptied and nothing is held for a slow reader. What is changed meanwhile may be seen or not.
 */
export function streamRows<Row extends object>(
  executor: Executor,
  table: Table,
  plan: Plan,
  options: StreamOptions,
): AsyncGenerator<Row, void, undefined> {
  return oneByOne(batchesOf<Row>(executor, table, plan, options))
}

async function* batchesOf<Row extends object>(
  executor: Executor,
  table: Table,
  plan: Plan,
  { batch = 1000 }: StreamOptions,
): AsyncGenerator<readonly Row[], void, undefined> {
  if (!Number.isSafeInteger(batch) || batch < 1) {
    throw new RangeError(`batch is a whole number from 1, not ${batch}.`)
  }
  const order = toTotalOrder(table, plan.order)
  let left = plan.limit ?? Infinity
  let next: Plan = { ...plan, order }
  while (left > 0) {
    const limit = Math.min(batch, left)
    const rows = await findRows<Row>(executor, table, { ...next, limit })
    yield rows
    const last = rows.at(-1)
    if (!last || rows.length < limit) return
    left -= rows.length
    next = { ...next, offset: undefined, after: keysetOf(table, order, last) }
  }
}
