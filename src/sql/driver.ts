import type { Dialect } from './dialect.ts'
import type { SchemaConnection } from './migrate/schema_connection.ts'

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
  /** Where nobody says: what {@link Executor.touchesOf} tells, else everything. */
  readonly touches?: Touches | undefined
  /** Where it means rows by their keys. */
  readonly pins?: Pins | undefined
  /** Where it joins related rows: those of which the answer tells the keys. */
  readonly joined?: readonly Pins[]
}

/** The tables that a statement reads and writes; those of triggers and cascades too. */
export interface TouchedTables {
  readonly reads: ReadonlySet<string>
  readonly writes: ReadonlySet<string>
  /** Those of `writes` in which other rows may change than the statement means: by triggers, by cascades. */
  readonly beyond: ReadonlySet<string>
}

/** How a statement that means rows of one table by their keys tells which these are. */
export interface Pins {
  readonly table: string
  /** @returns the keys as text; undefined when they are not to be told */
  keysOf(values: readonly SQLValue[], answer: unknown): readonly string[] | undefined
}

/** What a statement touches; `everything` where that cannot be known. */
export type Touches = TouchedTables | 'everything'

export type StoredRow = readonly unknown[]

/** A column of a {@link RawResult}, and where it comes from when it is not an expression. */
export interface ResultColumn {
  readonly name: string
  readonly table: string | null
  readonly column: string | null
  /** How a value is read where no model's column tells; undefined where it is what it is. */
  readonly decode?: ((stored: unknown) => unknown) | undefined
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
  /** What the database itself says of a statement that it has run; a server says nothing. */
  touchesOf?(sql: string): Touches | undefined
}

/** What can be done with a place in a transaction; the words that all databases have for it. */
export type SavepointStep = 'savepoint' | 'release savepoint' | 'rollback to savepoint'

/** An open transaction. It ends once, by either. */
export interface Transaction extends Executor {
  /** @param name a plain word. @throws {DatabaseError} when the transaction is over */
  savepoint(step: SavepointStep, name: string): Awaitable<void>
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
  /** Copies that may be a little behind, for whoever has not written. */
  readonly follower?: Executor | undefined
  /** @throws {DatabaseBusy} when others write for longer than the deadline */
  begin(options: BeginOptions): Awaitable<Transaction>
  /** @throws {DatabaseError} when the statement is not one that a session can run */
  accessOf(sql: string): Query['access']
  /** A connection of its own, to change tables on. */
  openSchema(): Promise<SchemaConnection>
  /**
   * Run `work`, whose statements define tables, while no other process does the same. For a database where they commit
   * by themselves; undefined where a transaction holds them like all others.
   *
   * @throws {DatabaseBusy} when another process defines tables for longer than the deadline
   */
  readonly define?: (<T>(work: (executor: Executor) => Promise<T>) => Promise<T>) | undefined
  close(): Promise<void>
}
