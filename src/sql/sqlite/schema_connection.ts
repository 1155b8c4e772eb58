import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { TableState } from '../ddl/table_state.ts'
import type { RawResult, SQLValue, StoredRow } from '../driver.ts'
import { MigrationError } from '../migrate/errors.ts'
import type { OnWait, SchemaConnection, SchemaDialect } from '../migrate/schema_connection.ts'
import type { SchemaStep } from '../migrate/steps.ts'
import { retry } from '../retry.ts'
import { rebuiltTable, sqliteSchema } from './alter.ts'
import { toResult, typed } from './connection.ts'
import { sqliteDialect } from './dialect.ts'
import { isBusy, toDatabaseError } from './errors.ts'
import { introspectSqlite, type RunQuery } from './introspect.ts'
import { quoted } from './rebuild.ts'
import { TemporaryFile } from './temporary_file.ts'
import type { SqliteLocation } from './url.ts'

/** Others may copy a large table meanwhile. */
const WAIT_MS = 600_000
const QUIET_MS = 200

/** A connection to a file on which tables are changed. Foreign keys are off there, and looked at before each commit. */
export class SqliteSchemaConnection implements SchemaConnection {
  readonly schema: SchemaDialect = sqliteSchema(sqliteDialect())
  readonly #database: DatabaseSync
  readonly #remove: () => void

  constructor(
    path: string,
    synchronous: SqliteLocation['synchronous'] | 'off',
    remove: () => void = () => {},
  ) {
    this.#remove = remove
    this.#database = new DatabaseSync(path, { timeout: 0 })
    this.#database.exec(
      `pragma journal_mode = wal; pragma synchronous = ${synchronous}; pragma foreign_keys = off;
       pragma trusted_schema = off; pragma temp_store = memory`,
    )
  }

  async execute(sql: string, values: readonly SQLValue[] = []): Promise<readonly StoredRow[]> {
    return typed(() => this.#rows(sql, values))
  }

  async executeRaw(sql: string, values: readonly SQLValue[]): Promise<RawResult> {
    return typed(() => toResult(this.#database.prepare(sql, { returnArrays: true }), values))
  }

  /** SQLite has no lock but that of a transaction; {@link begin} waits for it. */
  async takeTurn(): Promise<void> {}
  async endTurn(): Promise<void> {}

  async begin(onWait: OnWait): Promise<void> {
    const since = performance.now()
    const begin = () => this.#database.exec('begin immediate')
    try {
      begin()
    } catch (error) {
      const notice = setTimeout(onWait, QUIET_MS, 'another process writes to the database')
      try {
        await retry(error, begin, { isTransient: isBusy, deadline: since + WAIT_MS })
      } catch (last) {
        throw toDatabaseError(last, performance.now() - since)
      } finally {
        clearTimeout(notice)
      }
    }
  }

  async commit(): Promise<void> {
    typed(() => this.#database.exec('commit'))
  }

  async rollback(): Promise<void> {
    if (this.#database.isTransaction) typed(() => this.#database.exec('rollback'))
    // It is no part of the transaction, and may have been on when that failed.
    this.#database.exec('pragma legacy_alter_table = off')
  }

  async apply(step: SchemaStep): Promise<void> {
    const rebuilt = rebuiltTable(step)
    let triggers: readonly (readonly [name: string, sql: string])[] = []
    for (const sql of this.schema.statements(step)) {
      if (rebuilt !== undefined && sql.startsWith('create table'))
        triggers = this.#triggers(rebuilt)
      typed(() => this.#rows(sql))
    }
    for (const [name, sql] of triggers) this.#restoreTrigger(name, sql, step)
  }

  async verify(steps: readonly SchemaStep[]): Promise<void> {
    const last = steps.at(-1)
    if (!last || steps.every((step) => !mayBreak(step))) return
    this.#checkViewsAndTriggers([...last.after.keys()][0])
    const [found] = typed(() => this.#rows('pragma foreign_key_check'))
    if (!found) return
    const [table, rowid, parent] = found.map(String)
    throw new MigrationError(
      `Row ${rowid} of "${table}" refers to a row of "${parent}" that is not there. Nothing was changed.`,
    )
  }

  async hasTable(name: string): Promise<boolean> {
    const sql = `select 1 from sqlite_schema where type = 'table' and name = ?`
    return typed(() => this.#rows(sql, [name])).length > 0
  }

  async introspect(): Promise<readonly TableState[]> {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- SQLite's own tables hold texts and small numbers
    const run: RunQuery = (sql, ...values) => this.#rows(sql, values) as ReturnType<RunQuery>
    return typed(() => introspectSqlite(run))
  }

  async openScratch(): Promise<SchemaConnection> {
    const file = new TemporaryFile()
    return new SqliteSchemaConnection(file.path, 'off', () => file.remove())
  }

  async close(): Promise<void> {
    this.#database.close()
    this.#remove()
  }

  #rows(sql: string, values: readonly SQLValue[] = []): readonly StoredRow[] {
    const statement: StatementSync = this.#database.prepare(sql, { returnArrays: true })
    if (statement.columns().length === 0) {
      statement.run(...values)
      return []
    }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its types do not know of rows as arrays
    return statement.all(...values) as unknown as StoredRow[]
  }

  #triggers(table: string): readonly (readonly [name: string, sql: string])[] {
    const rows = typed(() =>
      this.#rows(`select name, sql from sqlite_schema where type = 'trigger' and tbl_name = ?`, [
        table,
      ]),
    )
    return rows.map(([name, sql]) => [String(name), String(sql)])
  }

  #restoreTrigger(name: string, sql: string, { operation }: SchemaStep): void {
    try {
      this.#database.exec(sql)
    } catch (cause) {
      throw new MigrationError(
        `The trigger "${name}" does not fit its table after ${operation.kind}: ` +
          `${messageOf(cause)}. Drop it before, with op.sql(), and make it anew after.`,
        { cause },
      )
    }
  }

  /** When SQLite renames a table, it reads all views and triggers; so it says whether they still fit. */
  #checkViewsAndTriggers(table: string | undefined): void {
    if (table === undefined || this.#countOfViewsAndTriggers() === 0) return
    this.#database.exec('savepoint probe')
    try {
      this.#database.exec(`alter table ${quoted(table)} rename to "_dewar_probe"`)
      this.#database.exec('rollback to probe')
      this.#compileTriggers()
    } catch (cause) {
      throw new MigrationError(
        `A view or trigger does not fit the tables any more: ${messageOf(cause)}. ` +
          'Drop it before, with op.sql(), and make it anew after.',
        { cause },
      )
    } finally {
      if (this.#database.isTransaction) this.#database.exec('rollback to probe; release probe')
    }
  }

  /** What a trigger does to another table is read only when a statement is compiled that would run it. */
  #compileTriggers(): void {
    const tables = this.#rows(
      `select t.tbl_name, group_concat(t.name, ', ') from sqlite_schema t
       join sqlite_schema o on o.name = t.tbl_name
       where t.type = 'trigger' and o.type = 'table' group by t.tbl_name`,
    )
    for (const [name = '', triggers = ''] of tables.map((row) => row.map(String))) {
      const table = quoted(name)
      const columns = this.#rows('select name from pragma_table_info(?)', [name])
      const same = columns.map(
        ([column]) => `${quoted(String(column))} = ${quoted(String(column))}`,
      )
      const firing = [
        `insert into ${table} default values`,
        `update ${table} set ${same.join(', ')}`,
        `delete from ${table}`,
      ]
      try {
        for (const sql of firing) this.#database.prepare(sql)
      } catch (cause) {
        throw new Error(`error in one of ${triggers}: ${messageOf(cause)}`, { cause })
      }
    }
  }

  #countOfViewsAndTriggers(): number {
    return this.#rows(`select 1 from sqlite_schema where type in ('view', 'trigger')`).length
  }
}

/** Whether rows, views or triggers may refer to what is not there afterwards. */
function mayBreak(step: SchemaStep): boolean {
  return step.operation.kind === 'dropTable' || rebuiltTable(step) !== undefined
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
