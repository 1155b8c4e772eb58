import type { StoredRow } from '../driver.ts'
import { hiddenFrom } from './hidden.ts'

/** The columns of a unique index. */
export interface UniqueKey {
  readonly table: string
  readonly columns: readonly string[]
}

/** The unique indexes of a database: the server names an index when it refuses a row, people want its columns. */
export class UniqueKeys {
  #byIndex: ReadonlyMap<string, readonly UniqueKey[]> = new Map()

  /** @param read answers {@link UNIQUE_KEYS}; asked when the index is not known yet */
  async find(
    table: string | undefined,
    index: string,
    read: () => Promise<readonly StoredRow[]>,
  ): Promise<UniqueKey | undefined> {
    const known = this.#known(table, index)
    if (known) return known
    this.#byIndex = group(await read())
    return this.#known(table, index)
  }

  /** A cascade or a trigger writes another table than the statement names. */
  #known(table: string | undefined, index: string): UniqueKey | undefined {
    const keys = this.#byIndex.get(index) ?? []
    return keys.find((key) => key.table === table) ?? (keys.length === 1 ? keys[0] : undefined)
  }
}

/** Table, index and column, in the order of the index. */
export const UNIQUE_KEYS =
  'select table_name, index_name, column_name from information_schema.statistics ' +
  'where table_schema = database() and non_unique = 0 order by table_name, index_name, seq_in_index'

function group(rows: readonly StoredRow[]): Map<string, UniqueKey[]> {
  const keys = new Map<string, UniqueKey & { columns: string[] }>()
  const byIndex = new Map<string, UniqueKey[]>()
  for (const row of rows) {
    const [table = '', index = '', column = ''] = row.map(String)
    let key = keys.get(`${table}.${index}`)
    if (!key) {
      key = { table, columns: [] }
      keys.set(`${table}.${index}`, key)
      byIndex.set(index, [...(byIndex.get(index) ?? []), key])
    }
    const name = hiddenFrom(column)
    if (name !== undefined) key.columns.push(name)
  }
  return byIndex
}
