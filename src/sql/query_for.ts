import type { Query } from './driver.ts'
import type { Table } from './table.ts'

export type QueryOf<F extends Query['fetch']> = Query & { readonly fetch: F }

/** The compiled query of a shape; compiled when it is asked for the first time. */
export function queryFor<F extends Query['fetch']>(
  table: Table,
  key: string,
  compile: () => Query,
  _fetch: F,
): QueryOf<F> {
  let query = table.queries.get(key)
  if (!query) {
    query = compile()
    table.queries.set(key, query)
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the key begins with the operation, which fetches one way
  return query as QueryOf<F>
}
