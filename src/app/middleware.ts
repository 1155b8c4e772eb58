import type { BaseContext, Context } from './context.ts'
import type { Outgoing } from './outgoing.ts'

/**
 * Go on to the next middleware, and after the last to validation and handler.
 *
 * Never rejects: an error on the way has become an answer, with the error in its `error`.
 */
export type Next<Adds = {}> = {} extends Adds
  ? (adds?: Adds) => Promise<Outgoing>
  : (adds: Adds) => Promise<Outgoing>

/**
 * Code around validation and handler of a route.
 *
 * It answers by returning what a handler may return or by throwing, or goes on with `next`. `Adds` is what
 * it hands to `next`, typed in the context of every route that uses it.
 */
export interface Middleware<Adds = {}> {
  (c: Context, next: Next<Adds>): unknown
  /** Types only; never present at run time. */
  readonly '~adds'?: Adds
}

// oxlint-disable-next-line typescript/no-explicit-any -- the one middleware every middleware is assignable to
export type AnyMiddleware = Middleware<any>

/**
 * Name what a middleware adds to the context, and the path parameters that it reads.
 *
 * @example
 * ```ts
 * import { abort, App, middleware } from 'dewar'
 *
 * const shops = new Map([[1, { name: "Ann's" }]])
 * const loadShop = middleware<{ shop: { name: string } }, { shop_id: number }>((c, next) => {
 *   const shop = shops.get(c.params.shop_id)
 *   return shop ? next({ shop }) : abort(404, `No shop ${c.params.shop_id}`)
 * })
 * new App('shops').get('/<int:shop_id>', { use: [loadShop] }, ({ shop }) => shop)
 * ```
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- who names the parameters has them typed
export function middleware<Adds = {}, Params = Context['params']>(
  run: (c: BaseContext & { readonly params: Params }, next: Next<Adds>) => unknown,
): Middleware<Adds> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- who names parameters uses it on paths that have them
  return run as Middleware<Adds>
}

/** All that a list of middleware adds to the context. */
export type AddsOf<Use> = Use extends readonly [Middleware<infer A>, ...infer Rest]
  ? A & AddsOf<Rest>
  : {}
