import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyServerOptions } from 'fastify'
import { Connections } from '../http/connection/connections.ts'
import type { ConverterFactories } from '../http/path/params.ts'
import { type Duration, toMs } from '../lib/duration.ts'
import type { Messages } from '../schema/messages.ts'
import { logRequests } from './access_log.ts'
import type { AuditCheck } from './audit.ts'
import type { AnyBlueprint } from './blueprint.ts'
import type { Profile } from './config/profile.ts'
import type { Command, CommandGroup } from './commands.ts'
import { createEngine, type EngineOptions, serveRoutes } from './engine.ts'
import type { ErrorHandler, ErrorHandlers, ErrorTarget, Translation } from './error_handlers.ts'
import type { AnyExtension, Extension, Setup, StateOf } from './extension.ts'
import { DEFAULT_LIMITS, type Limits } from './limits.ts'
import { type Logger, type LoggerChoice, toLogger } from './logger.ts'
import type { AnyMiddleware, AddsOf } from './middleware.ts'
import { type BoundRoute, bindRoutes, blueprintsOf, mountsByTarget } from './mount.ts'
import { type FormatError, problem } from './problem.ts'
import { type Route, Routes, type RoutesOptions } from './routes.ts'
import { Scope, scopes } from './scope.ts'
import { watchSlowRequests } from './slow_requests.ts'
import { type UrlFor, urlForIn } from './url_for.ts'

export interface AppOptions<Own = {}, Use = readonly AnyMiddleware[]> extends RoutesOptions<
  Own,
  Use
> {
  /** `production` refuses what is only safe elsewhere, such as `debug`. */
  readonly profile?: Profile
  /** Show errors with stack and source to whoever calls. Never in production. Default: false, but true under `dewar run`. */
  readonly debug?: boolean
  /** Default: JSON lines of level `info` and above to standard output. */
  readonly logger?: LoggerChoice
  /** Log a line for each request. Default: false, but true in development under `dewar run`. */
  readonly accessLog?: boolean
  /** Warn in the log of requests that wait longer for their answer. Default: `'1s'`; `false` never. */
  readonly slowRequest?: Duration | false
  /** The one form of all errors that have no handler of their own. Default: RFC 9457 problem details. */
  readonly formatError?: FormatError
  /** Wording of validation messages, in place of Marshmallow's. */
  readonly messages?: Messages
  /** How much of a request's body is read; a route may set its own `maxBodyBytes`. */
  readonly limits?: Partial<Limits>
  /**
   * Whose `X-Forwarded-*` headers are believed: addresses, networks, or a number of hops. Default: nobody's.
   */
  readonly trustProxy?: FastifyServerOptions['trustProxy']
  /** Scheme and host of absolute addresses that are built outside of a request: `'https://api.example.com'`. */
  readonly baseURL?: string
  /** Options for Fastify itself; in `http`, for Node's server. */
  readonly fastify?: EngineOptions
}

type ScopeKind = Exclude<Scope['kind'], 'request'>

type Hook = () => void | Promise<void>

/** An application: routes, extensions, commands, and the server that answers. */
export class App<
  Own extends ConverterFactories = {},
  const Use extends readonly AnyMiddleware[] = readonly [],
> extends Routes<Own, AddsOf<Use>> {
  readonly name: string
  readonly profile: Profile | undefined
  readonly debug: boolean
  readonly log: Logger
  readonly formatError: FormatError
  readonly messages: Messages
  readonly limits: Limits
  readonly baseURL: string | undefined
  readonly trustProxy: AppOptions['trustProxy']
  readonly commands: (Command | CommandGroup)[] = []
  /** What start-up tells about this app, beside its addresses: `['database', 'sqlite:///instance/app.db']`. */
  readonly announcements: (readonly [label: string, text: string])[] = []
  /** What extensions say of their safety in production. */
  readonly auditChecks: AuditCheck[] = []
  /** What extensions say of errors of their own. */
  readonly translations: Translation[] = []
  /** Fastify's own instance, for its plugins; register them before the app is ready. */
  readonly fastify: FastifyInstance
  /** Of its server. */
  readonly connections: Connections
  readonly #slowRequest: Duration | false
  readonly #states = new Map<AnyExtension, unknown>()
  readonly #starters: Hook[] = []
  readonly #closers: Hook[] = []
  #bound: BoundRoute[] | undefined = undefined
  #byTarget: ReadonlyMap<Route | string, BoundRoute[]> | undefined = undefined
  #errorLevels: readonly ErrorHandlers[] | undefined = undefined
  #ready: Promise<void> | undefined = undefined

  constructor(name: string, options: AppOptions<Own, Use> = {}) {
    super(options)
    this.name = name
    this.profile = options.profile
    this.debug = options.debug ?? process.env['DEWAR_DEBUG'] === '1'
    if (this.debug && this.profile === 'production') {
      throw new Error(
        `The app "${name}" may not run in debug mode in production: it shows its source.`,
      )
    }
    this.log = toLogger(name, options.logger)
    this.formatError = options.formatError ?? problem
    this.messages = options.messages ?? {}
    this.limits = { ...DEFAULT_LIMITS, ...options.limits }
    this.baseURL = options.baseURL?.replace(/\/$/, '')
    const { trustProxy = false, slowRequest = '1s' } = options
    this.trustProxy = options.fastify?.trustProxy ?? trustProxy
    const accessLog = options.accessLog ?? process.env['DEWAR_ACCESS_LOG'] === '1'
    const genReqId = accessLog ? { genReqId: () => randomUUID() } : {}
    this.fastify = createEngine({ trustProxy, ...genReqId, ...options.fastify })
    this.connections = new Connections(this.fastify.server)
    this.#slowRequest = slowRequest
    if (accessLog) logRequests(this.fastify, this.log)
  }

  /** Of what is installed, in that order. */
  get extensionNames(): readonly string[] {
    return [...this.#states.keys()].map(({ name }) => name)
  }

  /** All blueprints, those inside others too. */
  get blueprints(): readonly AnyBlueprint[] {
    return blueprintsOf(this)
  }

  /** Error handlers that stand around every route, and answer what no route does. */
  get errorLevels(): readonly ErrorHandlers[] {
    this.#errorLevels ??= [
      this.errorHandlers,
      ...this.blueprints.map((blueprint) => blueprint.appErrorHandlers),
    ]
    return this.#errorLevels
  }

  /** Every route, where it is mounted, compiled. The first reading closes the app for further routes. */
  get boundRoutes(): readonly BoundRoute[] {
    this.#bound ??= bindRoutes(this)
    return this.#bound
  }

  /** Where a route, or the route of a name, is mounted; in the order of mounting. */
  mountsOf(target: Route | string): readonly BoundRoute[] {
    this.#byTarget ??= mountsByTarget(this.boundRoutes)
    return this.#byTarget.get(target) ?? []
  }

  get urlFor(): UrlFor {
    return urlForIn(this)
  }

  /**
   * Set up an extension. The only way a battery is ever added to an app.
   *
   * @throws {TypeError} when it is installed already
   */
  install<State, Options>(
    extension: Extension<State, Options>,
    ...[options]: undefined extends Options ? [options?: Options] : [options: Options]
  ): this {
    if (this.#states.has(extension)) {
      throw new TypeError(`The app "${this.name}" has installed "${extension.name}" already.`)
    }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- absent only where `undefined` is an `Options`
    this.#states.set(extension, extension.setup(this.#setup(), options as Options))
    return this
  }

  /** Put a middleware around everything: every route, and requests that no route answers. */
  use(middleware: AnyMiddleware): this {
    this.middleware.push(middleware)
    return this
  }

  // oxlint-disable-next-line typescript/no-explicit-any -- whatever its options
  command(command: Command<any> | CommandGroup): this {
    this.commands.push(command)
    return this
  }

  /** Runs before the first request, in order. */
  onStart(start: Hook): this {
    this.#starters.push(start)
    return this
  }

  /** Runs when the app closes, last added first. */
  onClose(release: Hook): this {
    this.#closers.push(release)
    return this
  }

  /**
   * What `extension` set up for this app.
   *
   * @throws {Error} when the app never installed it
   */
  state<E extends AnyExtension>(extension: E): StateOf<E> {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `install` put it there under the same key
    if (this.#states.has(extension)) return this.#states.get(extension) as StateOf<E>
    throw new Error(
      `The app "${this.name}" did not install "${extension.name}". Add \`app.install(${extension.name})\`.`,
    )
  }

  /** Run `work` in a scope of its own: committed when it returns, rolled back when it throws. */
  async withScope<T>(work: () => T | Promise<T>, kind: ScopeKind = 'command'): Promise<T> {
    await this.ready()
    return this.#inScope(work, kind)
  }

  async #inScope<T>(work: () => T | Promise<T>, kind: ScopeKind): Promise<T> {
    const scope = new Scope(this, kind)
    return scopes.run(scope, async () => {
      try {
        const result = await work()
        await scope.commit()
        return result
      } catch (error) {
        await scope.rollback()
        throw error
      }
    })
  }

  /**
   * Compile all routes and start the extensions. Called by `listen`, the test client and commands.
   *
   * @throws {Error} when two routes cannot be told apart, a converter is unknown, a schema cannot be served
   */
  ready(): Promise<void> {
    this.#ready ??= this.#start()
    return this.#ready
  }

  /** @returns the address that the app listens on, such as `'http://127.0.0.1:5000'` */
  async listen(options: { port?: number; host?: string } = {}): Promise<string> {
    await this.ready()
    const address = await this.fastify.listen({ port: 5000, host: '127.0.0.1', ...options })
    if (this.#slowRequest) this.onClose(watchSlowRequests(this, toMs(this.#slowRequest)))
    return address
  }

  /** Stop listening, let requests in flight finish, release what extensions opened. */
  async close(): Promise<void> {
    const drained = this.connections.drain()
    await this.fastify.close().finally(drained)
    for (const release of this.#closers.splice(0).toReversed()) await release()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #start(): Promise<void> {
    serveRoutes(this)
    await this.fastify.ready()
    for (const start of this.#starters) await this.#inScope(start, 'command')
  }

  #setup(): Setup {
    return {
      name: this.name,
      log: this.log,
      profile: this.profile,
      fastify: this.fastify,
      use: (middleware) => void this.use(middleware),
      register: (blueprint, options) => void this.register(blueprint, options),
      command: (command) => void this.command(command),
      onError: (target: ErrorTarget, handler: ErrorHandler) => void this.onError(target, handler),
      showError: (from, translate) =>
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is asked only about errors of its class
        void this.translations.push({ from, translate } as unknown as Translation),
      onStart: (start) => void this.onStart(start),
      onClose: (release) => void this.onClose(release),
      audit: (check) => void this.auditChecks.push(check),
      announce: (label, text) => void this.announcements.push([label, text]),
    }
  }
}

// oxlint-disable-next-line typescript/no-explicit-any -- whatever its converters and middleware
export type AnyApp = App<any, any>
