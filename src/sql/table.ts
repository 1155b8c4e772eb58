import type { Column } from './column.ts'
import type { Dialect, Storage } from './dialect.ts'
import type { Query, StoredRow } from './driver.ts'
import { didYouMean } from '../lib/nearest.ts'
import type { Columns, Model, RowOf } from './model.ts'
import { RecentMap } from './recent_map.ts'
import { TableGraph } from './table_graph.ts'

const MAX_QUERIES = 500

export interface TableColumn extends Storage {
  readonly name: string
  /** A short mark for the column in the key of a query. */
  readonly mark: string
  /** The same for a comparison with a value, which is what is asked most. */
  readonly equalsMark: string
  readonly column: Column
}

/** A model in one database: how its columns are stored, and the queries that were compiled for it. */
export class Table<C extends Columns = Columns> {
  readonly model: Model<C>
  readonly dialect: Dialect
  /** The tables of the database, of which this is one. */
  readonly graph: TableGraph
  readonly columns: readonly TableColumn[]
  readonly key: TableColumn
  readonly columnsWithoutKey: readonly TableColumn[]
  /** Compiled queries by shape. */
  readonly queries: RecentMap<string, Query> = new RecentMap(MAX_QUERIES)
  /** Makes a row of what the database answered, columns in the model's order. */
  readonly decode: (stored: StoredRow) => RowOf<C>
  readonly #byName: ReadonlyMap<string, TableColumn>

  constructor(model: Model<C>, dialect: Dialect, graph: TableGraph = new TableGraph([])) {
    this.model = model
    this.dialect = dialect
    this.graph = graph
    this.columns = Object.entries<Column>(model.columns).map(([name, column], i) => ({
      name,
      mark: `${i}`,
      equalsMark: `${i}eq;`,
      column,
      ...dialect.storageOf(name, column.type),
    }))
    this.#byName = new Map(this.columns.map((column) => [column.name, column]))
    this.key = this.column(model.key)
    this.columnsWithoutKey = this.columns.filter((column) => column !== this.key)
    this.decode = compileDecode(this.columns)
  }

  /** @throws {TypeError} when there is no such column */
  column(name: string): TableColumn {
    const column = this.#byName.get(name)
    if (column) return column
    const hint = didYouMean(name, this.#byName.keys())
    throw new TypeError(`The model "${this.model.table}" has no column "${name}".${hint}`)
  }
}

/** Generated code: a literal makes rows of one hidden class, which loops over names do not. Names are plain words. */
function compileDecode<C extends Columns>(
  columns: readonly TableColumn[],
): (stored: StoredRow) => RowOf<C> {
  const members = columns.map(({ name, decode }, i) => {
    const value = `r[${i}]`
    return `${JSON.stringify(name)}: ${decode ? `${value} === null ? null : d[${i}](${value})` : value}`
  })
  const decoders = columns.map(({ decode }) => decode)
  // oxlint-disable-next-line typescript/no-implied-eval, typescript/no-unsafe-call, typescript/no-unsafe-return -- see above
  return new Function('d', `return (r) => ({ ${members.join(', ')} })`)(decoders)
}
