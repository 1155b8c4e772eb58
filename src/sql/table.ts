import type { Column } from './column.ts'
import { DatabaseDefault } from './database_default.ts'
import type { Dialect, Storage } from './dialect.ts'
import { type Decode, toDecode } from './decode.ts'
import type { Query, SQLValue } from './driver.ts'
import { didYouMean } from '../lib/nearest.ts'
import type { Link } from './link.ts'
import type { Columns, KeyOf, Model, RowOf } from './model.ts'
import { RecentMap } from '../lib/recent_map.ts'
import type { TableGraph } from './table_graph.ts'
import type { Tree } from './tree.ts'

const MAX_QUERIES = 500
const MAX_TREES = 100

export interface TableColumn extends Storage {
  readonly name: string
  /** A short mark for the column in the key of a query. */
  readonly mark: string
  /** The same for a comparison with a value, which is what is asked most. */
  readonly equalsMark: string
  readonly column: Column
}

/** Which columns an insert names. */
export interface InsertShape {
  readonly columns: readonly TableColumn[]
  /** For the key of a query. */
  readonly mark: string
}

/** A model in one database: how its columns are stored, and the queries that were compiled for it. */
export class Table<C extends Columns = Columns> {
  readonly model: Model<C>
  readonly dialect: Dialect
  /** What cascades from table to table. */
  readonly graph: TableGraph
  readonly columns: readonly TableColumn[]
  /** The columns of the primary key. */
  readonly keys: readonly TableColumn[]
  /** The primary key; the first column of several. */
  readonly key: TableColumn
  /** The column that every update raises. */
  readonly version: TableColumn | undefined
  /** What an insert names that leaves to the database what it makes. */
  readonly usualInsert: InsertShape
  /** Compiled queries by shape. */
  readonly queries: RecentMap<string, Query> = new RecentMap(MAX_QUERIES)
  /** What is loaded with rows, by what was asked for. */
  readonly trees: RecentMap<string, Tree> = new RecentMap(MAX_TREES)
  /** Makes a row, columns in the model's order. */
  readonly decode: Decode<RowOf<C>>
  readonly links: ReadonlyMap<string, Link>
  readonly #byName: ReadonlyMap<string, TableColumn>
  readonly #tableOf: (model: Model) => Table

  constructor(
    model: Model<C>,
    dialect: Dialect,
    links: ReadonlyMap<string, Link>,
    tableOf: (model: Model) => Table,
    graph: TableGraph,
  ) {
    this.model = model
    this.dialect = dialect
    this.links = links
    this.graph = graph
    this.#tableOf = tableOf
    this.columns = Object.entries<Column>(model.columns).map(([name, column], i) => ({
      name,
      mark: `${i}`,
      equalsMark: `${i}eq;`,
      column,
      ...dialect.storageOf(name, column.type),
    }))
    this.#byName = new Map(this.columns.map((column) => [column.name, column]))
    this.keys = model.primaryKey.map((name) => this.column(name))
    this.key = this.column(model.key)
    this.version = this.columns.find(({ column }) => column.isVersion)
    this.usualInsert = toShape(this.columns.filter((column) => !isMadeByDatabase(column)))
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of all columns
    this.decode = toDecode({ columns: this.columns, joined: [], apart: [] }) as Decode<RowOf<C>>
  }

  /** @throws {TypeError} when there is no such column */
  column(name: string): TableColumn {
    const column = this.#byName.get(name)
    if (column) return column
    const hint = didYouMean(name, [...this.#byName.keys(), ...this.links.keys()])
    throw new TypeError(`The model "${this.model.table}" has no column "${name}".${hint}`)
  }

  /** @throws {TypeError} when there is no such relation */
  link(name: string): Link {
    const link = this.links.get(name)
    if (link) return link
    const hint = didYouMean(name, this.links.keys())
    throw new TypeError(`The model "${this.model.table}" has no relation "${name}".${hint}`)
  }

  /** The table of another model of this database. */
  other(model: Model): Table {
    return this.#tableOf(model)
  }

  /** The columns that an insert of `values` names: all but those which the database makes and `values` has not. */
  insertShape(values: object): InsertShape {
    if (this.usualInsert.columns.length === this.columns.length) return this.usualInsert
    const columns = this.columns.filter((column) => !isLeftToDatabase(column, values))
    return columns.length === this.usualInsert.columns.length ? this.usualInsert : toShape(columns)
  }

  /** The values to compare the primary key with. @throws {DataError} when `key` cannot be one */
  keyValues(key: KeyOf<C>): SQLValue[] {
    if (this.keys.length === 1) return [this.key.compare(key)]
    if (typeof key !== 'object' || key === null) {
      throw new TypeError(`The key of "${this.model.table}" is an object of its columns.`)
    }
    return this.keys.map(({ name, compare }) => compare(Reflect.get(key, name)))
  }
}

function toShape(columns: readonly TableColumn[]): InsertShape {
  return { columns, mark: columns.map(({ mark }) => mark).join() }
}

function isMadeByDatabase({ column: { presence, initial } }: TableColumn): boolean {
  return presence === 'key' || initial instanceof DatabaseDefault
}

function isLeftToDatabase(column: TableColumn, values: object): boolean {
  if (!isMadeByDatabase(column)) return false
  const value: unknown = Reflect.get(values, column.name)
  return value === undefined || (value === null && column.column.presence === 'key')
}
