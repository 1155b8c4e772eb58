/** Which page, counted from 1. */
export interface PageOptions {
  /** Default: 1. */
  readonly page?: number
  /** Default: 20. */
  readonly perPage?: number
  /** What `perPage` is at most, whatever was asked for. Default: 100. */
  readonly maxPerPage?: number
}

/** Rows of one page, and where it stands. */
export interface Page<Row> {
  readonly items: readonly Row[]
  readonly page: number
  readonly per_page: number
  /** How many pages there are. */
  readonly pages: number
  /** How many rows there are in all. */
  readonly total: number
  readonly has_next: boolean
  readonly has_prev: boolean
  readonly next_num: number | null
  readonly prev_num: number | null
}

interface Countable<Row> {
  count(): Promise<number>
  limit(count: number): Countable<Row>
  offset(count: number): Countable<Row>
  all(): Promise<Row[]>
}

/** A page beyond the last is empty. @throws {RangeError} when a number is none from 1 */
export async function findPage<Row>(
  find: Countable<Row>,
  { page = 1, perPage = 20, maxPerPage = 100 }: PageOptions,
): Promise<Page<Row>> {
  requireNumber('page', page)
  const size = Math.min(requireNumber('perPage', perPage), maxPerPage)
  const total = await find.count()
  const pages = Math.ceil(total / size)
  const items =
    page > pages
      ? []
      : await find
          .limit(size)
          .offset((page - 1) * size)
          .all()
  return {
    items,
    page,
    per_page: size,
    pages,
    total,
    has_next: page < pages,
    has_prev: page > 1 && pages > 0,
    next_num: page < pages ? page + 1 : null,
    prev_num: page > 1 && pages > 0 ? page - 1 : null,
  }
}

function requireNumber(what: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 1) return value
  throw new RangeError(`${what} is a whole number from 1, not ${value}.`)
}
