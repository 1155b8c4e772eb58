import { METHODS } from 'node:http'
import type { ConverterFactories, PathParams } from '../http/path/params.ts'
import type { AnyBlueprint } from './blueprint.ts'
import type { HandlerContext } from './context.ts'
import { type Contract, checkContract, type Result } from './contract.ts'
import { type ErrorHandler, ErrorHandlers, type ErrorTarget } from './error_handlers.ts'
import type { AnyMiddleware } from './middleware.ts'

/** Path, contract and handler as they were declared; a value that `urlFor` takes. */
export interface Route<Params = unknown> {
  readonly methods: readonly string[]
  /** Without the prefixes of the blueprints around it. */
  readonly path: string
  readonly contract: Contract
  // oxlint-disable-next-line typescript/no-explicit-any -- the declaring method proved the types
  readonly handler: (c: any) => unknown
  /** Types only; never present at run time. */
  readonly '~params'?: Params
}

/** Where a blueprint is mounted. */
export interface RegisterOptions {
  /** In front of the blueprint's own prefix. */
  readonly prefix?: string
  /** In place of the blueprint's name, in route names: two mounts of one blueprint need two. */
  readonly name?: string
  /** Only requests for this host: `'api.example.com'` or `'<tenant>.example.com'`. */
  readonly host?: string
  /** Values for parameters that the paths do not hold. */
  readonly defaults?: Readonly<Record<string, unknown>>
}

export interface RoutesOptions<Own, Use> {
  /** Converters that paths here may name, besides the built-in ones. */
  readonly converters?: Own
  /** Middleware around every route here. */
  readonly use?: Use
}

type Handler<P extends string, Own, C, Adds, R> = (
  c: HandlerContext<PathParams<P, Own>, C> & Adds,
) => R | Promise<R>

/** How a route is declared: path, contract, handler, in the order in which a person reads it. */
export interface Declare<Own, Adds, Prefix extends string> {
  <const P extends string>(
    path: P,
    handler: Handler<`${Prefix}${P}`, Own, {}, Adds, unknown>,
  ): Route<PathParams<`${Prefix}${P}`, Own>>
  <const P extends string, const C extends Contract, const R extends Result<C>>(
    path: P,
    contract: C,
    handler: Handler<`${Prefix}${P}`, Own, C, Adds, R>,
  ): Route<PathParams<`${Prefix}${P}`, Own>>
}

type AnyHandler = Route['handler']
type Declaration = [path: string, handler: AnyHandler] | [path: string, Contract, AnyHandler]

// oxlint-disable-next-line typescript/no-explicit-any -- whatever its middleware adds and its converters yield
export type AnyRoutes = Routes<any, any, any>

/** What `App` and `Blueprint` have in common: routes, blueprints and error handlers are declared on them. */
export abstract class Routes<
  Own extends ConverterFactories = {},
  Adds = {},
  Prefix extends string = '',
> {
  readonly routes: Route[] = []
  readonly registrations: {
    readonly blueprint: AnyBlueprint
    readonly options: RegisterOptions
  }[] = []
  readonly middleware: AnyMiddleware[]
  readonly converters: ConverterFactories
  readonly errorHandlers: ErrorHandlers = new ErrorHandlers()

  readonly get: Declare<Own, Adds, Prefix> = this.#declaring(['GET'])
  readonly post: Declare<Own, Adds, Prefix> = this.#declaring(['POST'])
  readonly put: Declare<Own, Adds, Prefix> = this.#declaring(['PUT'])
  readonly patch: Declare<Own, Adds, Prefix> = this.#declaring(['PATCH'])
  readonly delete: Declare<Own, Adds, Prefix> = this.#declaring(['DELETE'])

  constructor(options: RoutesOptions<Own, readonly AnyMiddleware[]>) {
    this.middleware = [...(options.use ?? [])]
    this.converters = options.converters ?? {}
  }

  /** Declare one handler for several methods: `app.route(['GET', 'POST'], '/settings', …)`. */
  route<const P extends string>(
    methods: readonly string[],
    path: P,
    handler: Handler<`${Prefix}${P}`, Own, {}, Adds, unknown>,
  ): Route<PathParams<`${Prefix}${P}`, Own>>
  route<const P extends string, const C extends Contract, const R extends Result<C>>(
    methods: readonly string[],
    path: P,
    contract: C,
    handler: Handler<`${Prefix}${P}`, Own, C, Adds, R>,
  ): Route<PathParams<`${Prefix}${P}`, Own>>
  route(methods: readonly string[], ...declaration: Declaration): Route<never> {
    return this.#declare(methods, declaration)
  }

  /** Answer errors of this status or class; the handler nearest to the route wins. */
  onError<T extends ErrorTarget>(target: T, handler: ErrorHandler<T>): this {
    this.errorHandlers.add(target, handler)
    return this
  }

  /** Mount a blueprint's routes here. */
  register(blueprint: AnyBlueprint, options: RegisterOptions = {}): this {
    this.registrations.push({ blueprint, options })
    return this
  }

  #declaring(methods: readonly string[]): Declare<Own, Adds, Prefix> {
    return (...declaration: Declaration) => this.#declare(methods, declaration)
  }

  #declare(methods: readonly string[], declaration: Declaration): Route<never> {
    const [path, contract, handler] =
      declaration.length === 3 ? declaration : [declaration[0], {}, declaration[1]]
    checkContract(path, contract)
    if (typeof handler !== 'function') throw new TypeError(`The route ${path} has no handler.`)
    const route: Route<never> = { methods: toMethods(path, methods), path, contract, handler }
    this.routes.push(route)
    return route
  }
}

function toMethods(path: string, methods: readonly string[]): readonly string[] {
  const names = methods.map((method) => method.toUpperCase())
  const unknown = names.find((name) => !METHODS.includes(name))
  if (names.length > 0 && unknown === undefined) return names
  throw new TypeError(
    unknown === undefined
      ? `The route ${path} names no method.`
      : `The route ${path} names the method "${unknown}", which HTTP does not know.`,
  )
}
