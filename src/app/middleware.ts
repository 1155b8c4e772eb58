import type { Context } from './context.ts'
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
 * Name what a middleware adds to the context.
 *
 * @example
 * ```ts
 * import { App, middleware } from 'dewar'
 *
 * const timed = middleware<{ startedAt: number }>((_c, next) => next({ startedAt: Date.now() }))
 * new App('shop').get('/', { use: [timed] }, (c) => ({ ageMs: Date.now() - c.startedAt }))
 * ```
 */
export function middleware<Adds = {}>(
  run: (c: Context, next: Next<Adds>) => unknown,
): Middleware<Adds> {
  return run
}

/** All that a list of middleware adds to the context. */
export type AddsOf<Use> = Use extends readonly [Middleware<infer A>, ...infer Rest]
  ? A & AddsOf<Rest>
  : {}
