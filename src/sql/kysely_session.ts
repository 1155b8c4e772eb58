import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver as KyselyDriver,
  Kysely,
  type QueryResult,
} from 'kysely'
import type { AnyTables } from './dialect.ts'
import type {
  Driver,
  Executor,
  Query,
  RawResult,
  ResultColumn,
  SQLValue,
  StoredRow,
} from './driver.ts'
import { DatabaseError, WriteInRead } from './errors.ts'
import type { TableColumn } from './table.ts'

/** Finds how a column that a statement answers is stored; undefined for what no model has. */
export type FindColumn = (table: string, column: string) => TableColumn | undefined

/** What compiles statements, and tells those that write. */
type StatementKind = Pick<Driver, 'dialect' | 'accessOf'>

/** Kysely, whose statements pass `executor` like all others; values are those of the models, both ways. */
export function toKysely(
  driver: StatementKind,
  executor: Executor,
  findColumn: FindColumn,
): Kysely<AnyTables> {
  const connection = new SessionConnection(driver, executor, findColumn)
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

type RawQuery = Query & { readonly fetch: 'result' }

class SessionConnection implements DatabaseConnection {
  readonly #driver: StatementKind
  readonly #executor: Executor
  readonly #findColumn: FindColumn

  constructor(driver: StatementKind, executor: Executor, findColumn: FindColumn) {
    this.#driver = driver
    this.#executor = executor
    this.#findColumn = findColumn
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const values = parameters.map((value) => this.#driver.dialect.bindAny(value))
    const query = this.#toQuery(sql)
    const result = await this.#execute(query, values)
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Kysely's types say what its statement answers
    const rows = this.#toObjects(result) as R[]
    const changed = query.access === 'write' && { numAffectedRows: result.count }
    const inserted = result.insertId !== undefined && { insertId: result.insertId }
    return { rows, ...changed, ...inserted }
  }

  #toQuery(sql: string): RawQuery {
    return { sql, fetch: 'result', access: this.#driver.accessOf(sql) }
  }

  /** What writes though its text did not tell is known to the driver then, and runs in the transaction. */
  async #execute(query: RawQuery, values: readonly SQLValue[]): Promise<RawResult> {
    try {
      return await this.#executor.execute(query, values)
    } catch (error) {
      if (!(error instanceof WriteInRead)) throw error
      return this.#executor.execute(this.#toQuery(query.sql), values)
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
    return this.#findColumn(table, column)?.decode ?? decode
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
