import type { Kysely } from 'kysely'
import type { Extension, Setup } from '../../app/extension.ts'
import type { Logger } from '../../app/logger.ts'
import { maskURL } from '../../app/config/mask.ts'
import { currentScope } from '../../app/scope.ts'
import { NotFound } from '../../http/errors.ts'
import { type Duration, toMs } from '../../lib/duration.ts'
import type { Condition } from '../../sql/condition.ts'
import { statesOf } from '../../sql/ddl/state_of.ts'
import type { TableState } from '../../sql/ddl/table_state.ts'
import type { Awaitable, Executor } from '../../sql/driver.ts'
import { DatabaseError, StaleRow } from '../../sql/errors.ts'
import { Find } from '../../sql/find.ts'
import type { KyselyTables } from '../../sql/kysely_tables.ts'
import type { Columns, InsertOf, KeyOf, Model, RowOf, UpdateOf } from '../../sql/model.ts'
import { type Open, toOpen } from '../../sql/open.ts'
import { Replicated } from '../../sql/replicas.ts'
import type { PoolSettings } from '../../sql/pool.ts'
import { insertRows } from '../../sql/insert_many.ts'
import { type Links, toLinks } from '../../sql/link.ts'
import { withRelated } from '../../sql/graph.ts'
import type { Wanted } from '../../sql/plan.ts'
import type { Members, Relations, With } from '../../sql/relation.ts'
import { upsertRow, type UpsertOptions } from '../../sql/upsert.ts'
import {
  deleteRow,
  deleteRows,
  getRow,
  insertRow,
  readRow,
  updateRow,
  updateRows,
} from '../../sql/rows.ts'
import type { TransactionOptions } from '../../sql/session.ts'
import { toHTTPError } from './http_errors.ts'
import type { CommitListener, StatementListener } from './observers.ts'
import { migrationCommands } from './migrations/commands.ts'
import { folderOf } from './migrations/folder_of.ts'
import { requireUpgraded, upgradeNow } from './migrations/upgrade_now.ts'
import { DatabaseState } from './state.ts'

export interface DatabaseOptions {
  /**
   * `sqlite:///instance/app.db`, `sqlite:////srv/app.db`, `sqlite::memory:`; with `?synchronous=full` also the power may fail.
   * `postgresql://user:password@host:5432/name`; its parameters `pool_max` and the like go before {@link pool}.
   * `mariadb://user:password@host:3306/name`, also as `mysql:`, with the same.
   */
  readonly url: string
  /** Where a relative path starts. Default: the working directory. */
  readonly dir?: string | undefined
  /** How long a write waits for others, and whatever it is for a connection, before it is {@link DatabaseBusy}. Default: `'5s'`. */
  readonly wait?: Duration | undefined
  /** Copies of the database that follow it: they answer reads of scopes that have not written. */
  readonly replicas?: readonly string[] | undefined
  /** The folder of the revisions: `join(import.meta.dirname, 'migrations')`. Default: `migrations` where relative paths start. */
  readonly migrations?: string | undefined
  /** URLs of other kinds of databases for which revisions are proven too, besides SQLite and that of `url`. */
  readonly proveOn?: readonly string[] | undefined
  /** The connections to a server; what a URL says comes first. SQLite has one that writes and one that reads. */
  readonly pool?: PoolOptions | undefined
  /** How long a statement may run on a server. Default: as long as it likes. Nothing stops one of SQLite. */
  readonly statementTimeout?: Duration | undefined
}

export interface PoolOptions {
  /** How many connections this process has at most. Default: 10. */
  readonly max?: number | undefined
  /** How long a connection stays open that nobody uses. Default: `'30s'`. */
  readonly idle?: Duration | undefined
  /** How long to try to connect. Default: `'5s'`. */
  readonly connectTimeout?: Duration | undefined
}

export interface GetOptions<W = Wanted> {
  /** Hold the row until the unit of work ends: nobody else changes it between this read and what is written then. */
  readonly lock?: boolean
  /** Load related rows too: `{ address: true, lines: { cookie: true } }`. */
  readonly with?: W
}

export interface DatabaseParts<R, Table extends string = string> {
  /** How the models' rows lead to each other, by table and name. */
  readonly relations?: R & { readonly [K in Exclude<keyof R, Table>]: never }
}

/** The database of whichever app the code runs in. Every method works in the scope's unit of work. */
export class Database<
  const Models extends readonly Model[] = readonly Model[],
  const R extends Relations = {},
> implements Extension<DatabaseState, DatabaseOptions> {
  readonly name = 'db'
  readonly models: Models
  readonly #links: Links
  readonly #tables: readonly TableState[]

  constructor(models: Models, relations?: R) {
    this.models = models
    this.#links = toLinks(models, relations ?? {})
    this.#tables = statesOf(models)
  }

  setup(app: Setup, options: DatabaseOptions): DatabaseState {
    const { url } = options
    const waitMs = toMs(options.wait ?? '5s')
    const opener = (each: string) => openerOf(options, each, waitMs)
    const migrations = folderOf(this.#tables, options, opener)
    const open = openReplicated(options, opener, app.log)
    const isDevelopment = app.profile === 'development'
    const parts = { models: this.models, links: this.#links, states: this.#tables, migrations }
    const state = new DatabaseState(parts, { open, waitMs, log: app.log, isDevelopment })
    app.command(migrationCommands(migrations))
    app.onStart(() => state.start())
    app.onClose(() => state.close())
    app.announce('database', maskURL(url))
    app.showError(DatabaseError, toHTTPError)
    return state
  }

  /** The row with this key. @returns undefined when there is none */
  get<C extends Columns, Name extends string, const W extends With<R, Name> = {}>(
    model: Model<C, Name>,
    key: KeyOf<C>,
    options?: GetOptions<W>,
  ): Promise<(RowOf<C> & Members<R, Name, W>) | undefined>
  get<C extends Columns>(
    model: Model<C>,
    key: KeyOf<C>,
    options?: GetOptions,
  ): Promise<RowOf<C> | undefined> {
    const state = this.#state
    const table = state.table(model)
    const found = getRow(state, table, key, options?.lock)
    const wanted = options?.with
    if (!wanted) return found
    return found.then((row) => row && withRelated(state, table, row, wanted))
  }

  /**
   * The row with this key as others see it: whatever this unit of work has done, or seen, does not count.
   *
   * @returns no promise where the database answers at once, as SQLite does; for what is asked very often
   */
  getCommitted<C extends Columns>(model: Model<C>, key: KeyOf<C>): Awaitable<RowOf<C> | undefined> {
    const state = this.#state
    return readRow(state.driver.reader, state.table(model), key)
  }

  /** @throws {NotFound} when no row has this key */
  async getOr404<C extends Columns, Name extends string, const W extends With<R, Name> = {}>(
    model: Model<C, Name>,
    key: KeyOf<C>,
    message?: string,
    options?: GetOptions<W>,
  ): Promise<RowOf<C> & Members<R, Name, W>> {
    const row = await this.get(model, key, options)
    if (row) return row
    throw new NotFound(message)
  }

  /** Rows to be found: `await db.find(Task).where({ status: 'pending' }).orderBy('-id').limit(20)`. */
  find<C extends Columns, Name extends string>(model: Model<C, Name>): Find<C, RowOf<C>, R, Name> {
    const state = this.#state
    return new Find(state.maker, state.table(model))
  }

  /** @returns the row as it is stored, with its key and defaults */
  insert<C extends Columns>(model: Model<C>, values: InsertOf<C>): Promise<RowOf<C>> {
    const state = this.#state
    return insertRow(state, state.table(model), values)
  }

  /** Many rows at once. @returns them as they are stored, in their order */
  insertMany<C extends Columns>(model: Model<C>, rows: Iterable<InsertOf<C>>): Promise<RowOf<C>[]> {
    const state = this.#state
    return insertRows(state, state.table(model), rows)
  }

  /**
   * Insert a row, or change the one that has the same primary key, or the same values `on` unique columns.
   *
   * @returns the row as it is then
   */
  upsert<C extends Columns>(
    model: Model<C>,
    values: InsertOf<C>,
    options?: UpsertOptions<Extract<keyof C, string>>,
  ): Promise<RowOf<C>> {
    const state = this.#state
    return upsertRow(state, state.table(model), values, options)
  }

  /**
   * Change a row that was read. @returns it as it is then
   *
   * @throws {NotFound} when it is gone; one that was read with a lock is not
   * @throws {StaleRow} when it has a version, and others changed it
   */
  update<C extends Columns>(model: Model<C>, row: RowOf<C>, patch: UpdateOf<C>): Promise<RowOf<C>>
  /** Change the row with this key. @returns it as it is then; undefined when there is none */
  update<C extends Columns>(
    model: Model<C>,
    key: KeyOf<C>,
    patch: UpdateOf<C>,
  ): Promise<RowOf<C> | undefined>
  async update<C extends Columns>(
    model: Model<C>,
    target: KeyOf<C> | RowOf<C>,
    patch: UpdateOf<C>,
  ): Promise<RowOf<C> | undefined> {
    const state = this.#state
    const table = state.table(model)
    const key = keyOf(model, target)
    const version = table.version && versionOf(table.version.name, target)
    const changed = await updateRow(state, table, key, patch, version)
    if (changed || typeof target !== 'object') return changed
    if (version !== undefined && (await getRow(state, table, key))) throw new StaleRow(model.table)
    throw new NotFound('What was to be changed is gone.')
  }

  /** Change all rows for which `condition` holds; `{}` holds for every row. @returns how many there were */
  updateMany<C extends Columns, Name extends string>(
    model: Model<C, Name>,
    condition: Condition<C, R, Name>,
    patch: UpdateOf<C>,
  ): Promise<number> {
    const state = this.#state
    return updateRows(state, state.table(model), condition, patch)
  }

  /** @returns whether there was such a row */
  delete<C extends Columns>(model: Model<C>, key: KeyOf<C> | RowOf<C>): Promise<boolean> {
    const state = this.#state
    return deleteRow(state, state.table(model), keyOf(model, key))
  }

  /** Delete all rows for which `condition` holds; `{}` holds for every row. @returns how many there were */
  deleteMany<C extends Columns, Name extends string>(
    model: Model<C, Name>,
    condition: Condition<C, R, Name>,
  ): Promise<number> {
    const state = this.#state
    return deleteRows(state, state.table(model), condition)
  }

  /**
   * Run `work` in a transaction, which is the scope's own: it is kept when the scope ends well.
   *
   * When `work` throws, what it did is undone, and nothing else. One within another is a part of it. Work that
   * began the transaction is done again when the database undid it because of others, such as after a deadlock.
   */
  transaction<T>(work: () => T | Promise<T>, options?: TransactionOptions): Promise<T> {
    return this.#state.session.transaction(work, options)
  }

  /**
   * Run `work` when what was written here is safe, before the answer is sent; never when it is undone.
   *
   * It runs in a scope of its own. What it throws is logged.
   */
  afterCommit(work: () => unknown): void {
    this.#state.afterCommit(work)
  }

  /** Run `work`, as {@link Database.afterCommit} does, when what was written here is undone. */
  afterRollback(work: () => unknown): void {
    this.#state.afterRollback(work)
  }

  /**
   * Have `listener` told of every statement that this app runs: in `app.onStart`, or an extension's.
   *
   * @returns what ends that
   */
  onStatement(listener: StatementListener): () => void {
    return this.#state.watch.onStatement(listener)
  }

  /**
   * Have `listener` told what was written, after each commit of this app and before the answer is sent.
   *
   * @returns what ends that
   */
  onCommit(listener: CommitListener): () => void {
    return this.#state.watch.onCommit(listener)
  }

  /**
   * Run `work` in a unit of work of its own, whatever becomes of this one: to count attempts, to revoke a token.
   *
   * At once, when nothing was written here yet. Else when this unit of work has ended, either way; then this
   * returns before `work` has run.
   */
  outside(work: () => unknown): Promise<void> {
    return this.#state.outside(work)
  }

  /** From here on this scope reads from the database itself, as after its first write: no replica, which may be behind. */
  usePrimary(): void {
    this.#state.session.usePrimary()
  }

  /** Make the tables of all models that are not there yet; those that are stay as they are. */
  async createTables(): Promise<void> {
    const { dialect } = this.#state.driver
    await this.#run(dialect.createTables(this.#tables))
  }

  /** Remove the tables of all models, with their rows. */
  async dropTables(): Promise<void> {
    const { dialect } = this.#state.driver
    await this.#run(dialect.dropTables(this.#tables))
  }

  /**
   * Bring the database to the last revision of its migrations, or to `target`; at once where it is there already.
   *
   * For the start of an app: `app.onStart(() => db.upgrade())`. Of several processes, one does it and the others wait.
   *
   * @throws {MigrationError} with what is in the way
   */
  async upgrade(target?: string): Promise<void> {
    await upgradeNow(this.#state, target)
  }

  /** For the start of an app that others upgrade. @throws {MigrationError} when the database is not at the last revision */
  async requireUpgraded(): Promise<void> {
    await requireUpgraded(this.#state)
  }

  /** Any SQL, typed by the models, in the same unit of work. Functions that are defaults are not run here. */
  get kysely(): Kysely<KyselyTables<Models>> {
    return this.#state.kysely
  }

  async #run(statements: readonly string[]): Promise<void> {
    const state = this.#state
    const run = async (executor: Executor): Promise<void> => {
      for (const sql of statements) {
        await executor.execute({ sql, fetch: 'count', access: 'write' }, [])
      }
    }
    if (!state.driver.define) return run(state)
    await state.driver.define(run)
    await state.watch.learn()
  }

  get #state(): DatabaseState {
    return currentScope().app.state(this)
  }
}

function toPoolSettings({ pool = {}, statementTimeout }: DatabaseOptions): PoolSettings {
  const { max = 10, idle = '30s', connectTimeout = '5s' } = pool
  if (!Number.isSafeInteger(max) || max < 1) {
    throw new RangeError(`The option pool.max is a whole number from 1, not ${max}.`)
  }
  return {
    max,
    idleMs: toMs(idle),
    connectTimeoutMs: toMs(connectTimeout),
    statementTimeoutMs: statementTimeout === undefined ? undefined : toMs(statementTimeout),
  }
}

/**
 * A database for apps to install, with the models that belong to it.
 *
 * @example
 * ```ts
 * import { App } from 'dewar'
 * import { database, id, model, string } from 'dewar/db'
 *
 * const Task = model('tasks', { id: id(), title: string(150) })
 * const db = database([Task])
 *
 * await using app = new App('tasks', { logger: false }).install(db, { url: 'sqlite::memory:' })
 * await app.withScope(async () => {
 *   await db.createTables()
 *   await db.insert(Task, { title: 'Read the guide' })
 * })
 * ```
 */
export function database<const Models extends readonly Model[], const R extends Relations = {}>(
  models: Models,
  parts: DatabaseParts<R, Models[number]['table']> = {},
): Database<Models, R> {
  return new Database<Models, R>(models, parts.relations)
}

function openerOf(options: DatabaseOptions, url: string, waitMs: number): Open {
  return toOpen(url, { dir: options.dir ?? process.cwd(), waitMs, pool: toPoolSettings(options) })
}

function openReplicated(
  { url, replicas = [] }: DatabaseOptions,
  opener: (url: string) => Open,
  log: Logger,
): Open {
  const open = opener(url)
  if (replicas.length === 0) return open
  const onFailure = (number: number, error: unknown) => {
    log.warn({ err: error, replica: number }, 'a replica of the database failed; others are asked')
  }
  const followers = replicas.map(opener)
  return () => Replicated.open(open, followers, { onFailure })
}

/** The key, where a row may stand for it: one of several columns is part of its row. */
function keyOf<C extends Columns>(model: Model<C>, key: KeyOf<C> | RowOf<C>): KeyOf<C> {
  const isRow = typeof key === 'object' && key !== null && model.primaryKey.length === 1
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return (isRow ? Reflect.get(key, model.key) : key) as KeyOf<C>
}

/** @returns undefined where `target` is a key, or a row without its version */
function versionOf(name: string, target: unknown): unknown {
  return typeof target === 'object' && target !== null ? Reflect.get(target, name) : undefined
}
