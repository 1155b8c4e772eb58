import type { Dialect } from './dialect.ts'

/** What can be bound to a statement. */
export type SQLValue = string | number | bigint | Uint8Array | null

/** A statement: the text, and what is wanted of it. */
export interface Query {
  readonly sql: string
  /**
   * `row` and `rows` are arrays of values in the order of the columns, `count` is how many rows changed,
   * `result` is all of it, as the {@link RawResult} of a statement that nobody knows.
   */
  readonly fetch: 'row' | 'rows' | 'count' | 'result'
  /** A `lock` is a read that opens the transaction, so that what it read stays as it is. */
  readonly access: 'read' | 'lock' | 'write'
  readonly touches?: Touches | undefined
}

/** The tables that a statement reads and writes; those of triggers and cascades too. */
export interface TouchedTables {
  readonly reads: ReadonlySet<string>
  readonly writes: ReadonlySet<string>
}

/** What a statement touches; `everything` where that cannot be known. */
export type Touches = TouchedTables | 'everything'

export type StoredRow = readonly unknown[]

/** A column of a {@link RawResult}, and where it comes from when it is not an expression. */
export interface ResultColumn {
  readonly name: string
  readonly table: string | null
  readonly column: string | null
}

export interface RawResult {
  readonly columns: readonly ResultColumn[]
  readonly rows: readonly StoredRow[]
  /** How many rows changed. */
  readonly count: bigint
  /** The last key that the database gave, when the statement inserted. */
  readonly insertId: bigint | undefined
}

/** What each way to {@link Query.fetch} gives. */
export interface Fetched {
  readonly row: StoredRow | undefined
  readonly rows: readonly StoredRow[]
  readonly count: number
  readonly result: RawResult
}

export type Awaitable<T> = T | Promise<T>

/** Runs statements. A database in this process answers at once; then there is no promise to wait for. */
export interface Executor {
  /**
   * @param signal aborted when nobody waits for it any more; a server is told to stop then
   * @throws {DatabaseError}
   */
  execute<Q extends Query>(
    query: Q,
    values: readonly SQLValue[],
    signal?: AbortSignal,
  ): Awaitable<Fetched[Q['fetch']]>
}

/** An open transaction. It ends once, by either. */
export interface Transaction extends Executor {
  /** When it fails, it has rolled back. @throws {DatabaseError} */
  commit(): Awaitable<void>
  /** Never throws; the lock is free afterwards. */
  rollback(): Awaitable<void>
}

export type IsolationLevel = 'read committed' | 'repeatable read' | 'serializable'

export interface BeginOptions {
  /** Default: that of the database. SQLite knows `serializable` only, which every transaction is. */
  readonly isolation?: IsolationLevel | undefined
  /** When nobody waits for it any more; then the lock is not taken. */
  isAbandoned(): boolean
  /** Who begins, for whoever waits in vain. */
  label(): string
}

/** A kind of database, opened: what sessions stand on. */
export interface Driver {
  readonly dialect: Dialect
  /** Outside of any transaction: sees what is committed. */
  readonly reader: Executor
  /** @throws {DatabaseBusy} when others write for longer than the deadline */
  begin(options: BeginOptions): Awaitable<Transaction>
  /** @throws {DatabaseError} when the statement is not one that a session can run */
  accessOf(sql: string): Query['access']
  /**
   * Run `work`, whose statements define tables, while no other process does the same. For a database where they commit
   * by themselves; undefined where a transaction holds them like all others.
   *
   * @throws {DatabaseBusy} when another process defines tables for longer than the deadline
   */
  define?<T>(work: (executor: Executor) => Promise<T>): Promise<T>
  close(): Promise<void>
}
