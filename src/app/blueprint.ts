import type { ConverterFactories } from '../http/path/params.ts'
import type { ErrorHandler, ErrorTarget } from './error_handlers.ts'
import { ErrorHandlers } from './error_handlers.ts'
import type { AddsOf, AnyMiddleware } from './middleware.ts'
import { Routes, type RoutesOptions } from './routes.ts'

export interface BlueprintOptions<Prefix, Own, Use> extends RoutesOptions<Own, Use> {
  /** In front of every path here: `'/tasks'`. May hold parameters, which the routes' types then know. */
  readonly prefix?: Prefix
}

/**
 * Routes that wait for an app.
 *
 * They have a prefix, middleware, converters and error handlers of their own, and nest.
 *
 * @example
 * ```ts
 * import { App, Blueprint } from 'dewar'
 *
 * const users = new Blueprint('users', { prefix: '/users' })
 * users.get('/<int:user_id>', { name: 'show' }, ({ params }) => ({ id: params.user_id }))
 *
 * const app = new App('site').register(users, { prefix: '/api/v1' })
 * app.urlFor('users.show', { user_id: 7 })
 * //=> '/api/v1/users/7'
 * ```
 */
export class Blueprint<
  const Prefix extends string = '',
  Own extends ConverterFactories = {},
  const Use extends readonly AnyMiddleware[] = readonly [],
> extends Routes<Own, AddsOf<Use>, Prefix> {
  readonly name: string
  readonly prefix: string
  /** Handlers for errors anywhere in the app that this blueprint is registered in. */
  readonly appErrorHandlers: ErrorHandlers = new ErrorHandlers()

  /** @throws {TypeError} when the name is empty or holds a dot, which separates names in `urlFor` */
  constructor(name: string, options: BlueprintOptions<Prefix, Own, Use> = {}) {
    super(options)
    if (name === '' || name.includes('.')) {
      throw new TypeError(`A blueprint's name is not empty and holds no dot, unlike "${name}".`)
    }
    this.name = name
    this.prefix = options.prefix ?? ''
  }

  /** Answer errors of this status or class wherever in the app they happen, unless a nearer handler does. */
  onAppError<T extends ErrorTarget>(target: T, handler: ErrorHandler<T>): this {
    this.appErrorHandlers.add(target, handler)
    return this
  }
}

// oxlint-disable-next-line typescript/no-explicit-any -- whatever its prefix, converters and middleware
export type AnyBlueprint = Blueprint<any, any, any>
