import { buildPath, type UrlParts } from '../http/path/build.ts'
import type { AnyApp } from './app.ts'
import type { RequestContext } from './context.ts'
import type { BoundRoute } from './mount.ts'
import type { Route } from './routes.ts'
import { currentScope } from './scope.ts'

export interface UrlOptions extends UrlParts {
  /** With scheme and host: the request's own, as a trusted proxy forwards them, else the app's `baseURL`. */
  readonly absolute?: boolean
}

type Given<Params> = {} extends Params
  ? [params?: Params, options?: UrlOptions]
  : [params: Params, options?: UrlOptions]

/**
 * Build the address of a route, by the route itself (checked by the compiler) or by its name.
 *
 * @throws {Error} when there is no such route, a parameter is missing, or a value does not fit its converter
 */
export interface UrlFor {
  <Params>(route: Route<Params>, ...given: Given<Params>): string
  (name: string, params?: Readonly<Record<string, unknown>>, options?: UrlOptions): string
}

/** {@link UrlFor} in the current scope's app and request. @throws {Error} outside of any scope */
export const urlFor: UrlFor = (...given: [Route | string, object?, UrlOptions?]) => {
  const { app, request } = currentScope()
  return toURL(app, request, ...given)
}

/** {@link UrlFor} for one app, and for one request of it. */
export function urlForIn(app: AnyApp, request?: RequestContext): UrlFor {
  return (...given: [Route | string, object?, UrlOptions?]) => toURL(app, request, ...given)
}

function toURL(
  app: AnyApp,
  request: RequestContext | undefined,
  target: Route | string,
  params: object = {},
  options: UrlOptions = {},
): string {
  const bound = findRoute(app, target, request?.route?.mount)
  const path = buildPath(bound.parts, { ...params }, { ...options, defaults: bound.defaults })
  return options.absolute ? originFor(app, request) + path : path
}

/** A route mounted more than once is meant where the current request's blueprint is, else where it was mounted first. */
function findRoute(app: AnyApp, target: Route | string, mount: string | undefined): BoundRoute {
  const found = app.mountsOf(target)
  const bound = found.find((each) => each.mount === mount) ?? found[0]
  if (bound) return bound
  if (typeof target !== 'string') {
    throw new Error(
      `urlFor: the route ${target.path} belongs to no blueprint that this app registers.`,
    )
  }
  const names = app.boundRoutes.flatMap((each) => each.name ?? []).toSorted()
  throw new Error(
    `urlFor: no route is called "${target}". There are: ${names.join(', ') || 'none'}.`,
  )
}

function originFor(app: AnyApp, request: RequestContext | undefined): string {
  if (request) return request.request.origin
  if (app.baseURL !== undefined) return app.baseURL
  throw new Error(
    'urlFor: an absolute address outside of a request needs `baseURL` in the options of the app.',
  )
}
