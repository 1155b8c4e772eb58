import type { TableState } from './ddl/table_state.ts'
import type { Dialect } from './dialect.ts'
import type { Link, Links } from './link.ts'
import type { Columns, Model } from './model.ts'
import { Table } from './table.ts'
import { TableGraph } from './table_graph.ts'

const NONE: ReadonlyMap<string, Link> = new Map()

/** The tables of one database, each made when it is first asked for. */
export class Tables {
  readonly dialect: Dialect
  readonly graph: TableGraph
  readonly #links: Links
  readonly #models: ReadonlyMap<string, Model>
  readonly #tables = new Map<Model, Table>()

  constructor(
    dialect: Dialect,
    links: Links,
    models: readonly Model[] = [],
    states: readonly TableState[] = [],
  ) {
    this.dialect = dialect
    this.#links = links
    this.#models = new Map(models.map((model) => [model.table, model]))
    this.graph = new TableGraph(states)
  }

  /** @returns undefined for what no model has */
  tableNamed(name: string): Table | undefined {
    const model = this.#models.get(name)
    return model && this.of(model)
  }

  of<C extends Columns>(model: Model<C>): Table<C> {
    let table = this.#tables.get(model)
    if (!table) {
      const links = this.#links.get(model.table) ?? NONE
      table = new Table<Columns>(
        model,
        this.dialect,
        links,
        (target) => this.of(target),
        this.graph,
      )
      this.#tables.set(model, table)
    }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it was made of this model
    return table as unknown as Table<C>
  }
}
