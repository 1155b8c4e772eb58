import type { Kysely } from 'kysely'
import { currentScope, Scope, ScopeLocal, scopes } from '../../app/scope.ts'
import type { Logger } from '../../app/logger.ts'
import type { AnyTables } from '../../sql/dialect.ts'
import type { Awaitable, Driver, Executor, Fetched, Query, SQLValue } from '../../sql/driver.ts'
import { toKysely } from '../../sql/kysely_session.ts'
import type { Links } from '../../sql/link.ts'
import type { Columns, Model } from '../../sql/model.ts'
import type { Open } from '../../sql/open.ts'
import { Session, type SessionOwner } from '../../sql/session.ts'
import type { Table, TableColumn } from '../../sql/table.ts'
import { Tables } from '../../sql/tables.ts'

/** The database of one app: its connections, and the session of each scope that has one. */
export class DatabaseState implements Executor {
  readonly models: readonly Model[]
  readonly #open: Open
  readonly #log: Logger
  readonly #sessions = new ScopeLocal<Session>()
  readonly #links: Links
  #driver: Driver | undefined = undefined
  #tables: Tables | undefined = undefined
  #kysely: Kysely<AnyTables> | undefined = undefined

  constructor(models: readonly Model[], links: Links, open: Open, log: Logger) {
    this.models = models
    this.#links = links
    this.#open = open
    this.#log = log
  }

  async start(): Promise<void> {
    this.#driver = await this.#open()
  }

  async close(): Promise<void> {
    const driver = this.#driver
    this.#driver = undefined
    await driver?.close()
  }

  /** @throws {Error} before the app is ready, and after it was closed */
  get driver(): Driver {
    if (this.#driver) return this.#driver
    throw new Error('The database is not open: the app is not ready yet, or was closed.')
  }

  get kysely(): Kysely<AnyTables> {
    this.#kysely ??= toKysely(this.driver, this, (table, column) => this.#findColumn(table, column))
    return this.#kysely
  }

  /** Every statement of the app passes here: in the session of its scope, if it has one. */
  execute<Q extends Query>(query: Q, values: readonly SQLValue[]): Awaitable<Fetched[Q['fetch']]> {
    const scope = currentScope()
    const session = this.#sessions.get(scope)
    if (session) return session.execute(query, values)
    if (query.access === 'read') return this.driver.reader.execute(query, values)
    return this.session.execute(query, values)
  }

  /** The unit of work of the scope that the code runs in. */
  get session(): Session {
    const scope = currentScope()
    return this.#sessions.get(scope) ?? this.#newSession(scope, refusalIn(scope))
  }

  table<C extends Columns>(model: Model<C>): Table<C> {
    this.#tables ??= new Tables(this.driver.dialect, this.#links)
    return this.#tables.of(model)
  }

  /** Run `work` in a unit of work of its own: now, or when the transaction that is open here has ended. */
  async outside(work: () => unknown): Promise<void> {
    const session = this.#sessions.get(currentScope())
    if (!session?.isOpen) return this.#alone(work)
    session.afterEnd(() =>
      this.#alone(work).catch((error: unknown) => {
        this.#log.error({ err: error }, 'what was to be kept outside of the transaction failed')
      }),
    )
  }

  async #alone(work: () => unknown): Promise<void> {
    const outer = currentScope()
    const scope = new Scope(outer.app, outer.kind, outer.request)
    scope.principal = outer.principal
    this.#newSession(scope)
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
    const session = new Session(this.driver, new ScopeOwner(scope, refusal, this.#log))
    this.#sessions.set(scope, session)
    return session
  }

  #findColumn(table: string, column: string): TableColumn | undefined {
    const model = this.models.find((each) => each.table === table)
    if (!model || !Object.hasOwn(model.columns, column)) return undefined
    return this.table(model).column(column)
  }
}

/** A scope, as its session sees it. */
class ScopeOwner implements SessionOwner {
  readonly refusal: string | undefined
  readonly #scope: Scope
  readonly #log: Logger

  constructor(scope: Scope, refusal: string | undefined, log: Logger) {
    this.#scope = scope
    this.refusal = refusal
    this.#log = log
  }

  enlist(session: Session): void {
    this.#scope.enlist(session)
  }

  label(): string {
    return labelOf(this.#scope)
  }

  onLongTransaction(openMs: number): void {
    const fields = { route: this.label(), open_ms: Math.round(openMs) }
    this.#log.warn(fields, 'a transaction was open for long; meanwhile nobody else could write')
  }
}

/** The route of a request, else what kind of scope it is. */
function labelOf({ kind, request }: Scope): string {
  if (!request) return kind
  return request.routeName ?? `${request.fastifyRequest.method} ${request.route?.path ?? ''}`
}

/** Why a scope may not write: a request that asks changes nothing, so it may be repeated and cached. */
function refusalIn(scope: Scope): string | undefined {
  const method = scope.request?.fastifyRequest.method
  if (method !== 'GET' && method !== 'HEAD') return undefined
  return (
    `A ${method} request must not write (${labelOf(scope)}): clients repeat it as they like. ` +
    'Make the route a POST, PUT, PATCH or DELETE; or keep counters and the like with db.outside().'
  )
}
