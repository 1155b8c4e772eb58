import type { TableState } from '../ddl/table_state.ts'
import type { Dialect } from '../dialect.ts'
import type { RawResult, SQLValue, StoredRow } from '../driver.ts'
import type { SchemaStep } from './steps.ts'

/** What one kind of database has of its own for changing tables. */
export interface SchemaDialect {
  readonly dialect: Dialect
  /** Whether a change of tables is undone with its transaction. */
  readonly isTransactional: boolean
  /** The SQL of one change. @throws {MigrationError} when this database cannot do it */
  statements(step: SchemaStep): readonly string[]
  /** Whether it must stand outside of a transaction. */
  isAlone(step: SchemaStep): boolean
}

/** Told why somebody waits. */
export type OnWait = (why: string) => void

/** A connection of its own, on which tables are changed. */
export interface SchemaConnection {
  readonly schema: SchemaDialect
  /** @returns the rows of a query; none for anything else */
  execute(sql: string, values?: readonly SQLValue[]): Promise<readonly StoredRow[]>
  /** The same with everything that the database says. */
  executeRaw(sql: string, values: readonly SQLValue[]): Promise<RawResult>
  /** Wait until no other process changes the tables. */
  takeTurn(onWait: OnWait): Promise<void>
  /** Let others change them; the end of the process does so too. */
  endTurn(): Promise<void>
  begin(onWait: OnWait): Promise<void>
  commit(): Promise<void>
  rollback(): Promise<void>
  /** Do one change, and keep what hangs on the table. */
  apply(step: SchemaStep): Promise<void>
  /** What must hold after changes and before their commit. @throws {MigrationError} when rows do not fit */
  verify(steps: readonly SchemaStep[]): Promise<void>
  hasTable(name: string): Promise<boolean>
  /** The tables that are there, as far as the database can tell. */
  introspect(): Promise<readonly TableState[]>
  /** An empty database of the same kind, which is gone when it is closed. */
  openScratch(): Promise<SchemaConnection>
  close(): Promise<void>
}
