import { constants, DatabaseSync, type StatementSync } from 'node:sqlite'
import type {
  Executor,
  Fetched,
  Query,
  RawResult,
  SQLValue,
  StoredRow,
  Touches,
} from '../driver.ts'
import { DatabaseError } from '../errors.ts'
import { RecentMap } from '../../lib/recent_map.ts'
import { AccessRecorder } from './access.ts'
import { toDatabaseError } from './errors.ts'
import type { SqliteLocation } from './url.ts'

const MAX_STATEMENTS = 500
const CACHE_KIB = 16_384

interface Prepared {
  readonly statement: StatementSync
  readonly access: Query['access']
  readonly touches: Touches
}

/** One connection to a file: statements are prepared once, rows come as arrays. */
export class SqliteConnection implements Executor {
  readonly #database: DatabaseSync
  readonly #statements = new RecentMap<string, Prepared>(MAX_STATEMENTS)
  readonly #controls = new Map<string, StatementSync>()
  #recorder: AccessRecorder | undefined = undefined
  #isOutdated = false

  /** @param synchronous `off` is for what is gone when the process dies anyway */
  constructor(path: string, synchronous: SqliteLocation['synchronous'] | 'off') {
    this.#database = new DatabaseSync(path, { timeout: 0, defensive: true })
    this.#database.exec(
      `pragma journal_mode = wal; pragma synchronous = ${synchronous}; pragma foreign_keys = on;
       pragma trusted_schema = off; pragma temp_store = memory; pragma cache_size = -${CACHE_KIB}`,
    )
    this.#database.setAuthorizer((action, first, second, _database, within) => {
      if (this.#recorder) return this.#recorder.authorize(action, first, second, within)
      // SQLite compiles a statement anew when it runs after the schema has changed.
      this.#isOutdated = true
      return constants.SQLITE_OK
    })
  }

  get isTransaction(): boolean {
    return this.#database.isTransaction
  }

  /** How many statements are kept prepared. */
  get statementCount(): number {
    return this.#statements.size
  }

  /** Run what belongs to the connection itself: `begin immediate`, `pragma …`. Errors are SQLite's own. */
  control(sql: string): void {
    let statement = this.#controls.get(sql)
    if (!statement) {
      statement = this.#database.prepare(sql)
      this.#controls.set(sql, statement)
    }
    statement.run()
  }

  /** Errors are SQLite's own, so that who calls can tell what may be tried again. */
  execute<Q extends Query>(query: Q, values: readonly SQLValue[]): Fetched[Q['fetch']]
  execute(query: Query, values: readonly SQLValue[]): Fetched[Query['fetch']] {
    const { statement } = this.#prepared(query.sql)
    switch (query.fetch) {
      case 'row':
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its types do not know of rows as arrays
        return statement.get(...values) as unknown as StoredRow | undefined
      case 'rows':
        return statement.all(...values)
      case 'count':
        return Number(statement.run(...values).changes)
      default:
        return toResult(statement, values)
    }
  }

  /** @throws {DatabaseError} when the statement is wrong, or not for a session */
  accessOf(sql: string): Query['access'] {
    return this.#prepared(sql).access
  }

  /** Of a statement that has run here. */
  touchesOf(sql: string): Touches {
    const known = this.#statements.get(sql)?.touches
    if (this.#isOutdated) this.#statements.clear()
    this.#isOutdated = false
    try {
      return this.#prepared(sql).touches
    } catch {
      // It could run once only, such as one that makes a table.
      return known ?? 'everything'
    }
  }

  close(): void {
    this.#database.close()
  }

  #prepared(sql: string): Prepared {
    const known = this.#statements.get(sql)
    if (known) return known
    const prepared = this.#prepare(sql)
    this.#statements.set(sql, prepared)
    return prepared
  }

  #prepare(sql: string): Prepared {
    const recorder = new AccessRecorder(sql)
    this.#recorder = recorder
    let statement: StatementSync
    try {
      statement = this.#database.prepare(sql, { returnArrays: true })
    } catch (error) {
      throw recorder.isDenied ? new DatabaseError(recorder.refusal ?? '') : error
    } finally {
      this.#recorder = undefined
    }
    // Nor does SQLite say anything where there is nothing to drop.
    if (recorder.isSilent && /^\s*drop\s/i.test(sql)) {
      return { statement, access: 'write', touches: recorder.touches }
    }
    if (recorder.refusal !== undefined) throw new DatabaseError(recorder.refusal)
    return { statement, access: recorder.access, touches: recorder.touches }
  }
}

/** All that a statement answers. */
export function toResult(statement: StatementSync, values: readonly SQLValue[]): RawResult {
  const columns = statement.columns()
  if (columns.length === 0) {
    const { changes, lastInsertRowid } = statement.run(...values)
    return { columns, rows: [], count: BigInt(changes), insertId: BigInt(lastInsertRowid) }
  }
  const rows = allExact(statement, values)
  return { columns, rows, count: BigInt(rows.length), insertId: undefined }
}

/** Whole numbers beyond 2^53 as bigints, which node:sqlite refuses otherwise. */
function allExact(statement: StatementSync, values: readonly SQLValue[]): StoredRow[] {
  statement.setReadBigInts(true)
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its types do not know of rows as arrays
    const rows = statement.all(...values) as unknown as StoredRow[]
    return rows.map((row) =>
      row.map((value) => (typeof value === 'bigint' ? toNumber(value) : value)),
    )
  } finally {
    statement.setReadBigInts(false)
  }
}

function toNumber(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

/** The typed error in place of SQLite's own. */
export function typed<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw toDatabaseError(error)
  }
}
