import type { Kysely } from 'kysely'
import { currentScope, Scope, ScopeLocal, scopes } from '../../app/scope.ts'
import type { Logger } from '../../app/logger.ts'
import type { AnyTables } from '../../sql/dialect.ts'
import type { TableState } from '../../sql/ddl/table_state.ts'
import type {
  Awaitable,
  BeginOptions,
  Driver,
  Executor,
  Fetched,
  Query,
  SQLValue,
} from '../../sql/driver.ts'
import type { Work } from '../../sql/frame.ts'
import { toKysely } from '../../sql/kysely_session.ts'
import type { Links } from '../../sql/link.ts'
import type { Columns, Model } from '../../sql/model.ts'
import type { Open } from '../../sql/open.ts'
import { Sandbox } from '../../sql/sandbox.ts'
import { readerOf, Session, type SessionOwner } from '../../sql/session.ts'
import type { Table } from '../../sql/table.ts'
import type { MigrationFolder } from './migrations/migration_folder.ts'
import { Tables } from '../../sql/tables.ts'
import type { Rows } from '../../sql/touches.ts'
import { labelOf } from './label.ts'
import { type Runner, Watch } from './watch.ts'

/** What a database is made of. */
export interface DatabaseModels {
  readonly models: readonly Model[]
  readonly links: Links
  readonly states: readonly TableState[]
  readonly migrations: MigrationFolder
}

export interface StateOptions {
  readonly open: Open
  readonly waitMs: number
  readonly log: Logger
  /** Whether statements that repeat are worth a warning. */
  readonly isDevelopment: boolean
}

/** The database of one app: its connections, and the session of each scope that has one. */
export class DatabaseState implements Executor, Runner {
  readonly #parts: DatabaseModels
  readonly #options: StateOptions
  readonly #sessions = new ScopeLocal<Session>()
  readonly watch: Watch
  #driver: Driver | undefined = undefined
  /** Whether a statement takes a while, in which it may be told to stop. */
  #cancels = false
  #sandbox: Sandbox | undefined = undefined
  #tables: Tables | undefined = undefined
  #kysely: Kysely<AnyTables> | undefined = undefined

  constructor(parts: DatabaseModels, options: StateOptions) {
    this.#parts = parts
    this.#options = options
    this.watch = new Watch(this, options.log, options.isDevelopment)
  }

  get migrations(): MigrationFolder {
    return this.#parts.migrations
  }

  get log(): Logger {
    return this.#options.log
  }

  async start(): Promise<void> {
    this.#driver = await this.#options.open()
    this.#cancels = this.#driver.dialect.name !== 'sqlite'
    await this.watch.learn()
  }

  async close(): Promise<void> {
    await this.#sandbox?.close()
    const driver = this.#driver
    this.#driver = undefined
    await driver?.close()
  }

  /**
   * From here on all that the app does is in one transaction, until `close()` of what is returned undoes it.
   *
   * @throws {Error} when there is a sandbox already
   */
  async openSandbox(): Promise<Pick<Sandbox, 'close'>> {
    if (this.#sandbox) throw new Error('There is a rollback() already; end it before the next.')
    const transaction = await this.driver.begin(SANDBOX)
    const sandbox = new Sandbox(this.driver, transaction, this.#options.waitMs)
    this.#sandbox = sandbox
    return {
      close: async () => {
        if (this.#sandbox === sandbox) this.#sandbox = undefined
        await sandbox.close()
      },
    }
  }

  /** @throws {Error} before the app is ready, and after it was closed */
  get driver(): Driver {
    const driver = this.#sandbox ?? this.#driver
    if (driver) return driver
    throw new Error('The database is not open: the app is not ready yet, or was closed.')
  }

  get kysely(): Kysely<AnyTables> {
    this.#kysely ??= toKysely(this.driver, this, this.tables)
    return this.#kysely
  }

  /** Every statement of the app passes here: in the session of its scope, if it has one. */
  execute<Q extends Query>(query: Q, values: readonly SQLValue[]): Awaitable<Fetched[Q['fetch']]> {
    const scope = currentScope()
    if (this.watch.isOn) return this.watch.execute(scope, query, values)
    return this.run(scope, query, values)
  }

  run<Q extends Query>(
    scope: Scope,
    query: Q,
    values: readonly SQLValue[],
  ): Awaitable<Fetched[Q['fetch']]> {
    const session = this.#sessions.get(scope)
    const signal = this.#cancels ? signalOf(scope) : undefined
    if (session) return session.execute(query, values, signal)
    if (query.access === 'read') return readerOf(this.driver).execute(query, values, signal)
    return this.session.execute(query, values, signal)
  }

  /** For a query that runs later than it is made. */
  get maker(): Executor {
    const made = this.watch.isOn ? this.watch.placeFor(currentScope()) : undefined
    if (!made) return this
    return {
      execute: (query, values) => this.watch.execute(currentScope(), query, values, made),
    }
  }

  executorOf(scope: Scope): Executor {
    return this.#sessions.get(scope) ?? readerOf(this.driver)
  }

  wrote(scope: Scope, rows: Rows | 'everything'): void {
    this.#sessions.get(scope)?.wrote(rows)
  }

  /** The unit of work of the scope that the code runs in. */
  get session(): Session {
    const scope = currentScope()
    return this.#sessions.get(scope) ?? this.#newSession(scope, refusalIn(scope))
  }

  table<C extends Columns>(model: Model<C>): Table<C> {
    return this.tables.of(model)
  }

  get tables(): Tables {
    const { models, links, states } = this.#parts
    this.#tables ??= new Tables(this.driver.dialect, links, models, states)
    return this.#tables
  }

  /** Run `work` in a unit of work of its own: now, or when the transaction that is open here has ended. */
  async outside(work: () => unknown): Promise<void> {
    const session = this.#sessions.get(currentScope())
    if (!session?.isOpen) return this.#alone(work)
    session.afterEnd(this.#later(work, 'what was to be kept outside of the transaction failed'))
  }

  afterCommit(work: () => unknown): void {
    this.session.afterCommit(this.#later(work, 'what was to run after the commit failed'))
  }

  afterRollback(work: () => unknown): void {
    this.session.afterRollback(this.#later(work, 'what was to run after the rollback failed'))
  }

  /** In a scope like this one, which is over by then. */
  #later(work: () => unknown, failed: string): Work {
    const outer = currentScope()
    return () =>
      this.#alone(work, outer).catch((error: unknown) => {
        this.#options.log.error({ err: error }, failed)
      })
  }

  async #alone(work: () => unknown, outer: Scope = currentScope()): Promise<void> {
    const scope = new Scope(outer.app, outer.kind, outer.request)
    scope.principal = outer.principal
    this.#newSession(scope).usePrimary()
    await scopes.run(scope, async () => {
      try {
        await work()
        await scope.commit()
      } catch (error) {
        await scope.rollback()
        throw error
      }
    })
  }

  #newSession(scope: Scope, refusal?: string): Session {
    const session = new Session(
      this.driver,
      new ScopeOwner(scope, refusal, this.watch, this.#options),
    )
    this.#sessions.set(scope, session)
    return session
  }
}

const SANDBOX: BeginOptions = { isAbandoned: () => false, label: () => 'the rollback() of a test' }

/** A scope, as its session sees it. */
class ScopeOwner implements SessionOwner {
  readonly refusal: string | undefined
  readonly #scope: Scope
  readonly #watch: Watch
  readonly #options: StateOptions

  constructor(scope: Scope, refusal: string | undefined, watch: Watch, options: StateOptions) {
    this.#scope = scope
    this.refusal = refusal
    this.#watch = watch
    this.#options = options
  }

  get waitMs(): number {
    return this.#options.waitMs
  }

  enlist(session: Session): void {
    this.#scope.enlist(session)
  }

  label(): string {
    return labelOf(this.#scope)
  }

  onLongTransaction(openMs: number): void {
    const fields = { route: this.label(), open_ms: Math.round(openMs) }
    this.#options.log.warn(
      fields,
      'a transaction was open for long; meanwhile nobody else could write',
    )
  }

  onCommit(written: Rows | 'everything'): Promise<void> {
    return this.#watch.committed(this.#scope, written)
  }
}

/** Aborted when nobody waits for what a scope reads. A request that may write goes on, as its client may only have sent it. */
function signalOf({ request }: Scope): AbortSignal | undefined {
  return request && isRead(request.fastifyRequest.method) ? request.signal : undefined
}

function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD'
}

/** Why a scope may not write: a request that asks changes nothing, so it may be repeated and cached. */
function refusalIn(scope: Scope): string | undefined {
  const method = scope.request?.fastifyRequest.method
  if (method === undefined || !isRead(method)) return undefined
  return (
    `A ${method} request must not write (${labelOf(scope)}): clients repeat it as they like. ` +
    'Make the route a POST, PUT, PATCH or DELETE; or keep counters and the like with db.outside().'
  )
}
