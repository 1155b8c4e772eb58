import { fromCursor, toCursor } from './cursor.ts'
import type { Executor } from './driver.ts'
import { findRows } from './find_rows.ts'
import { toReversed, toSorted, toTotalOrder } from './keyset.ts'
import type { Plan } from './plan.ts'
import type { Table } from './table.ts'

/** Which page: the first, the one behind a cursor, or the one in front of it. */
export interface CursorOptions {
  /** The `next` of the page before. */
  readonly after?: string | undefined
  /** The `previous` of the page behind. */
  readonly before?: string | undefined
  /** Default: 20. */
  readonly size?: number
}

/** Rows of one page, and the way to its neighbours. */
export interface CursorPage<Row> {
  readonly items: readonly Row[]
  readonly next: string | null
  readonly previous: string | null
}

/** @throws {DataError} when the cursor is none of this list */
export async function findCursorPage<Row extends object>(
  executor: Executor,
  table: Table,
  plan: Plan,
  { after, before, size = 20 }: CursorOptions,
): Promise<CursorPage<Row>> {
  if (!Number.isSafeInteger(size) || size < 1) {
    throw new RangeError(`size is a whole number from 1, not ${size}.`)
  }
  if (after !== undefined && before !== undefined) {
    throw new TypeError('A page is after a cursor or before one, not both.')
  }
  const order = toTotalOrder(table, plan.order)
  const cursor = after ?? before
  const place = cursor === undefined ? undefined : fromCursor(table, order, cursor)
  const isBack = before !== undefined
  const walked = isBack ? toReversed(order) : order
  const found = await findRows<Row>(executor, table, {
    ...plan,
    order: walked,
    limit: size + 1,
    after: place && { ...place, sorted: walked.map((name) => toSorted(table, name)) },
  })
  const hasMore = found.length > size
  const kept = found.slice(0, size)
  const items = isBack ? kept.toReversed() : kept
  const cursorOf = (row: Row | undefined): string | null =>
    row ? toCursor(table, order, row) : null
  const hasNext = isBack || hasMore
  const hasPrevious = isBack ? hasMore : after !== undefined
  return {
    items,
    next: hasNext ? cursorOf(items.at(-1)) : null,
    previous: hasPrevious ? cursorOf(items[0]) : null,
  }
}
