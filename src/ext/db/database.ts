import type { Kysely } from 'kysely'
import type { Extension, Setup } from '../../app/extension.ts'
import { maskURL } from '../../app/config/mask.ts'
import { currentScope } from '../../app/scope.ts'
import { NotFound } from '../../http/errors.ts'
import { type Duration, toMs } from '../../lib/duration.ts'
import type { Condition } from '../../sql/condition.ts'
import { statesOf } from '../../sql/ddl/state_of.ts'
import type { TableState } from '../../sql/ddl/table_state.ts'
import type { Awaitable } from '../../sql/driver.ts'
import { DatabaseError } from '../../sql/errors.ts'
import { Find } from '../../sql/find.ts'
import type { KyselyTables } from '../../sql/kysely_tables.ts'
import type { Columns, InsertOf, KeyOf, Model, RowOf, UpdateOf } from '../../sql/model.ts'
import { toOpen } from '../../sql/open.ts'
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
import { toHTTPError } from './http_errors.ts'
import { DatabaseState } from './state.ts'

export interface DatabaseOptions {
  /** `sqlite:///instance/app.db`, `sqlite:////srv/app.db`, `sqlite::memory:`; with `?synchronous=full` also the power may fail. */
  readonly url: string
  /** Where a relative path starts. Default: the working directory. */
  readonly dir?: string | undefined
  /** How long a write waits for others before it is {@link DatabaseBusy}. Default: `'5s'`. */
  readonly wait?: Duration | undefined
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

  setup(app: Setup, { url, dir, wait = '5s' }: DatabaseOptions): DatabaseState {
    const open = toOpen(url, { dir: dir ?? process.cwd(), waitMs: toMs(wait) })
    const state = new DatabaseState(this.models, this.#links, open, app.log)
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
  async get<C extends Columns>(
    model: Model<C>,
    key: KeyOf<C>,
    options: GetOptions = {},
  ): Promise<RowOf<C> | undefined> {
    const state = this.#state
    const table = state.table(model)
    const row = await getRow(state, table, key, options.lock)
    return row && options.with ? withRelated(state, table, row, options.with) : row
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
    return new Find(state, state.table(model))
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
    const changed = await updateRow(state, state.table(model), keyOf(model, target), patch)
    if (changed || typeof target !== 'object') return changed
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
   * When `work` throws, what it did is undone; where something was written before, all of it.
   */
  transaction<T>(work: () => T | Promise<T>): Promise<T> {
    return this.#state.session.transaction(work)
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

  /** Any SQL, typed by the models, in the same unit of work. Functions that are defaults are not run here. */
  get kysely(): Kysely<KyselyTables<Models>> {
    return this.#state.kysely
  }

  async #run(statements: readonly string[]): Promise<void> {
    const state = this.#state
    for (const sql of statements) {
      await state.execute({ sql, fetch: 'count', access: 'write' }, [])
    }
  }

  get #state(): DatabaseState {
    return currentScope().app.state(this)
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

/** The key, where a row may stand for it: one of several columns is part of its row. */
function keyOf<C extends Columns>(model: Model<C>, key: KeyOf<C> | RowOf<C>): KeyOf<C> {
  const isRow = typeof key === 'object' && key !== null && model.primaryKey.length === 1
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return (isRow ? Reflect.get(key, model.key) : key) as KeyOf<C>
}
