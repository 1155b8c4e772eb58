import { constants } from 'node:sqlite'
import type { Query, Touches } from '../driver.ts'

/** What SQLite says of a statement while it is compiled: views, triggers and subqueries included. */
export class AccessRecorder {
  access: Query['access'] = 'read'
  /** Why a session may not run it. SQLite says nothing at all of statements such as VACUUM. */
  refusal: string | undefined
  #isFirst = true
  readonly #reads = new Set<string>()
  readonly #writes = new Set<string>()
  readonly #beyond = new Set<string>()
  /** Single writes: what SQLite names twice is done a second time, by a cascade. */
  readonly #seen = new Set<string>()

  /** The tables, those of triggers and cascades too. A change of the schema may be anything. */
  get touches(): Touches {
    if (this.#writes.has(SCHEMA) || this.#writes.has(TEMPORARY_SCHEMA)) return 'everything'
    return { reads: this.#reads, writes: this.#writes, beyond: this.#beyond }
  }

  /** Whether SQLite has said nothing. */
  get isSilent(): boolean {
    return this.#isFirst
  }

  /** @param sql that SQLite is about to compile; `CREATE … IF NOT EXISTS` of what exists does nothing, of which it says nothing either */
  constructor(sql: string) {
    this.refusal = CREATE.test(sql) ? undefined : NOT_SHARED
  }

  /** Whether SQLite was told to refuse it. */
  get isDenied(): boolean {
    return !this.#isFirst && this.refusal !== undefined
  }

  /** @returns SQLite's `SQLITE_OK` or `SQLITE_DENY` */
  authorize(
    action: number,
    first: string | null,
    second: string | null,
    within: string | null,
  ): number {
    const { SQLITE_OK, SQLITE_DENY } = constants
    if (this.#isFirst) this.refusal = undefined
    this.#isFirst = false
    this.refusal ??= refusalOf(action, first, second)
    if (this.refusal !== undefined) return SQLITE_DENY
    if (!READS.has(action)) this.access = 'write'
    if (first !== null) this.#record(action, first, second, within)
    return SQLITE_OK
  }

  #record(action: number, table: string, column: string | null, within: string | null): void {
    if (action === constants.SQLITE_READ && !FUNCTIONS.has(table)) this.#reads.add(table)
    if (!WRITES.has(action)) return
    const write = `${action} ${table} ${column}`
    if (within !== null || this.#seen.has(write)) this.#beyond.add(table)
    this.#seen.add(write)
    this.#writes.add(table)
  }
}

/** Functions that stand for tables. */
const FUNCTIONS: ReadonlySet<string> = new Set(['json_each', 'json_tree'])

const SCHEMA = 'sqlite_master'
const TEMPORARY_SCHEMA = 'sqlite_temp_master'

const WRITES: ReadonlySet<number> = new Set([
  constants.SQLITE_INSERT,
  constants.SQLITE_UPDATE,
  constants.SQLITE_DELETE,
])

const CREATE = /^\s*create\s/i
const NOT_SHARED = 'ATTACH, DETACH and VACUUM are not for a connection that is shared.'

const READS: ReadonlySet<number> = new Set([
  constants.SQLITE_SELECT,
  constants.SQLITE_READ,
  constants.SQLITE_FUNCTION,
  constants.SQLITE_RECURSIVE,
  constants.SQLITE_PRAGMA,
])

const TRANSACTIONS: ReadonlySet<number> = new Set([
  constants.SQLITE_TRANSACTION,
  constants.SQLITE_SAVEPOINT,
])

/** Those that only tell something; others would change a connection that all requests share. */
const PRAGMAS: ReadonlySet<string> = new Set([
  'compile_options',
  'data_version',
  'database_list',
  // Until the transaction ends.
  'defer_foreign_keys',
  'foreign_key_check',
  'foreign_key_list',
  'index_info',
  'index_list',
  'index_xinfo',
  'integrity_check',
  'page_count',
  'quick_check',
  'table_info',
  'table_list',
  'table_xinfo',
])

function refusalOf(action: number, first: string | null, second: string | null) {
  if (TRANSACTIONS.has(action)) {
    return 'Transactions are begun and ended by the unit of work; use db.transaction().'
  }
  if (action === constants.SQLITE_ATTACH || action === constants.SQLITE_DETACH) {
    return NOT_SHARED
  }
  if (action !== constants.SQLITE_PRAGMA || PRAGMAS.has(first ?? '')) return undefined
  if (first === 'user_version' && second === null) return undefined
  return `PRAGMA ${first} would change a connection that is shared.`
}
