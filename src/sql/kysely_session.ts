import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver as KyselyDriver,
  Kysely,
  type OperationNode,
  type QueryResult,
} from 'kysely'
import type { AnyTables } from './dialect.ts'
import type {
  Driver,
  Executor,
  Pins,
  Query,
  RawResult,
  ResultColumn,
  SQLValue,
  StoredRow,
  Touches,
} from './driver.ts'
import { DatabaseError, WriteInRead } from './errors.ts'
import { pinnedByNode } from './kysely_pins.ts'
import { NodeTouches } from './kysely_touches.ts'
import type { Table, TableColumn } from './table.ts'
import type { TableGraph } from './table_graph.ts'

/** The tables of the models. */
export interface Tables {
  readonly graph: TableGraph
  /** @returns undefined for what no model has */
  tableNamed(name: string): Table | undefined
}

/** What compiles statements, and tells those that write. */
type StatementKind = Pick<Driver, 'dialect' | 'accessOf'>

/** Kysely, whose statements pass `executor` like all others; values are those of the models, both ways. */
export function toKysely(
  driver: StatementKind,
  executor: Executor,
  tables: Tables,
): Kysely<AnyTables> {
  const connection = new SessionConnection(driver, executor, tables)
  const parts = driver.dialect.compiler.getExecutor()
  return new Kysely<AnyTables>({
    dialect: {
      createAdapter: () => parts.adapter,
      createDriver: () => new SessionDriver(connection),
      createIntrospector: () => driver.dialect.compiler.introspection,
      createQueryCompiler: () => ({
        compileQuery: (node, queryId) => parts.compileQuery(node, queryId),
      }),
    },
  })
}

class SessionConnection implements DatabaseConnection {
  readonly #driver: StatementKind
  readonly #executor: Executor
  readonly #tables: Tables

  constructor(driver: StatementKind, executor: Executor, tables: Tables) {
    this.#driver = driver
    this.#executor = executor
    this.#tables = tables
  }

  async executeQuery<R>({ sql, query: node, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const values = parameters.map((value) => this.#driver.dialect.bindAny(value))
    const query = new NodeQuery(sql, node, this.#driver, this.#tables)
    const result = await this.#execute(query, values)
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Kysely's types say what its statement answers
    const rows = this.#toObjects(result) as R[]
    const changed = query.access === 'write' && { numAffectedRows: result.count }
    const inserted = result.insertId !== undefined && { insertId: result.insertId }
    return { rows, ...changed, ...inserted }
  }

  /** What writes though its text did not tell is known to the driver then, and runs in the transaction. */
  async #execute(query: NodeQuery, values: readonly SQLValue[]): Promise<RawResult> {
    try {
      return await this.#executor.execute(query, values)
    } catch (error) {
      if (!(error instanceof WriteInRead)) throw error
      return this.#executor.execute(query.asKnown(), values)
    }
  }

  // oxlint-disable-next-line require-yield -- it refuses
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new DatabaseError(
      'Streams are not supported: an open one would keep the log from being emptied.',
    )
  }

  #toObjects({ columns, rows }: RawResult): object[] {
    const decoders = columns.map((column) => this.#decoderOf(column))
    return rows.map((row) =>
      Object.fromEntries(columns.map(({ name }, i) => [name, decodeAt(row, i, decoders[i])])),
    )
  }

  #decoderOf({ table, column, decode }: ResultColumn): TableColumn['decode'] {
    if (table === null || column === null) return decode
    const model = this.#tables.tableNamed(table)
    if (!model || !Object.hasOwn(model.model.columns, column)) return decode
    return model.column(column).decode ?? decode
  }
}

/** A statement of Kysely; what it touches is looked for only when somebody asks. */
class NodeQuery implements Query {
  readonly sql: string
  readonly fetch = 'result'
  readonly access: Query['access']
  readonly #node: OperationNode
  readonly #driver: StatementKind
  readonly #tables: Tables
  #found: NodeTouches | undefined = undefined

  constructor(sql: string, node: OperationNode, driver: StatementKind, tables: Tables) {
    this.sql = sql
    this.access = driver.accessOf(sql)
    this.#node = node
    this.#driver = driver
    this.#tables = tables
  }

  /** The same with what the driver knows of it by now. */
  asKnown(): NodeQuery {
    return new NodeQuery(this.sql, this.#node, this.#driver, this.#tables)
  }

  get touches(): Touches {
    const writesJoined = this.#driver.dialect.features.upsert === 'on duplicate key'
    this.#found ??= new NodeTouches(this.#node, this.#tables.graph, writesJoined)
    return this.#found.touches
  }

  get pins(): Pins | undefined {
    const { touches } = this
    if (touches === 'everything' || !this.#found?.isSingle) return undefined
    const [name = ''] = touches.reads
    const table = this.#tables.tableNamed(name)
    return table && pinnedByNode(this.#node, table)
  }
}

function decodeAt(row: StoredRow, i: number, decode: TableColumn['decode']): unknown {
  const stored = row[i]
  return decode && stored !== null ? decode(stored) : stored
}

/** Hands out the one connection; transactions are the unit of work's. */
class SessionDriver implements KyselyDriver {
  readonly #connection: DatabaseConnection

  constructor(connection: DatabaseConnection) {
    this.#connection = connection
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection
  }

  async beginTransaction(): Promise<void> {
    throw new DatabaseError(
      'db.kysely runs in the transaction of the unit of work; use db.transaction().',
    )
  }

  async commitTransaction(): Promise<void> {}
  async rollbackTransaction(): Promise<void> {}
  async releaseConnection(): Promise<void> {}
  async destroy(): Promise<void> {}
}
