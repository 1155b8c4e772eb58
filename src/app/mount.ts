import type { PathPart } from '../http/path/grammar.ts'
import { parsePath } from '../http/path/grammar.ts'
import { toMs } from '../lib/duration.ts'
import type { AnyApp } from './app.ts'
import type { AnyBlueprint } from './blueprint.ts'
import type { ErrorHandlers } from './error_handlers.ts'
import { compileInputs, type LoadInputs } from './inputs.ts'
import { type Limits, withMaxBytes } from './limits.ts'
import type { AnyMiddleware } from './middleware.ts'
import { compileOutputs, type Outputs } from './outputs.ts'
import type { AnyRoutes, RegisterOptions, Route } from './routes.ts'

/** A route where an app mounted it, compiled: all that a request needs to know. */
export interface BoundRoute {
  readonly route: Route
  /** With the names of the blueprints around it: `'tasks.get_task'`. */
  readonly name: string | undefined
  /** The names of the blueprints around it: `'tasks'`; empty for the app's own routes. */
  readonly mount: string
  /** With all prefixes. */
  readonly path: string
  readonly parts: readonly PathPart[]
  readonly host: string | undefined
  readonly defaults: Readonly<Record<string, unknown>>
  /** From the app's inwards. */
  readonly middleware: readonly AnyMiddleware[]
  /** Nearest first. */
  readonly errorHandlers: readonly ErrorHandlers[]
  readonly load: LoadInputs | undefined
  readonly outputs: Outputs
  readonly timeoutMs: number | undefined
  readonly limits: Limits
}

/** What surrounds a blueprint's routes. */
interface Surroundings {
  readonly path: string
  readonly names: readonly string[]
  readonly host: string | undefined
  readonly defaults: Readonly<Record<string, unknown>>
  readonly converters: AnyRoutes['converters']
  readonly middleware: readonly AnyMiddleware[]
  readonly errorHandlers: readonly ErrorHandlers[]
  readonly within: readonly AnyRoutes[]
}

/**
 * Every route of `app` and its blueprints, compiled.
 *
 * @throws {TypeError} when two routes have one name, or a blueprint contains itself
 */
export function bindRoutes(app: AnyApp): BoundRoute[] {
  const root: Surroundings = {
    path: '',
    names: [],
    host: undefined,
    defaults: {},
    converters: app.converters,
    middleware: app.middleware,
    errorHandlers: app.errorLevels,
    within: [app],
  }
  const bound = bindAll(app, app, root)
  checkNames(bound)
  return bound
}

/** All blueprints of `routes`, those inside others too, each once. */
export function blueprintsOf(routes: AnyRoutes): AnyBlueprint[] {
  const found = new Set<AnyBlueprint>()
  const pending = [routes]
  for (let next = pending.pop(); next; next = pending.pop()) {
    const inner = next.registrations
      .map(({ blueprint }) => blueprint)
      .filter((each) => !found.has(each))
    for (const blueprint of inner) found.add(blueprint)
    pending.push(...inner)
  }
  return [...found]
}

/** Every mount of each route, by the route itself and by its name. */
export function mountsByTarget(
  routes: readonly BoundRoute[],
): ReadonlyMap<Route | string, BoundRoute[]> {
  const mounts = new Map<Route | string, BoundRoute[]>()
  for (const bound of routes) {
    for (const target of [bound.route, bound.name]) {
      if (target === undefined) continue
      const known = mounts.get(target)
      if (known) known.push(bound)
      else mounts.set(target, [bound])
    }
  }
  return mounts
}

function bindAll(app: AnyApp, routes: AnyRoutes, around: Surroundings): BoundRoute[] {
  const own = routes.routes.map((route) => bindRoute(app, route, around))
  const inner = routes.registrations.flatMap(({ blueprint, options }) =>
    bindAll(app, blueprint, within(blueprint, options, around)),
  )
  return [...own, ...inner]
}

function within(
  blueprint: AnyBlueprint,
  options: RegisterOptions,
  around: Surroundings,
): Surroundings {
  if (around.within.includes(blueprint)) {
    throw new TypeError(`The blueprint "${blueprint.name}" is registered inside itself.`)
  }
  return {
    path: around.path + toPrefix(options.prefix ?? '') + toPrefix(blueprint.prefix),
    names: [...around.names, options.name ?? blueprint.name],
    host: options.host ?? around.host,
    defaults: { ...around.defaults, ...options.defaults },
    converters: { ...around.converters, ...blueprint.converters },
    middleware: [...around.middleware, ...blueprint.middleware],
    errorHandlers: [blueprint.errorHandlers, ...around.errorHandlers],
    within: [...around.within, blueprint],
  }
}

function toPrefix(prefix: string): string {
  if (prefix !== '' && !prefix.startsWith('/')) {
    throw new TypeError(`The prefix "${prefix}" does not begin with a slash.`)
  }
  return prefix.replace(/\/+$/, '')
}

function bindRoute(app: AnyApp, route: Route, around: Surroundings): BoundRoute {
  const { contract } = route
  const path = around.path + route.path
  const name = contract.name ?? route.handler.name
  return {
    route,
    name: name === '' ? undefined : [...around.names, name].join('.'),
    mount: around.names.join('.'),
    path,
    parts: parsePath(path, around.converters),
    host: contract.host ?? around.host,
    defaults: { ...around.defaults, ...contract.defaults },
    middleware: [...around.middleware, ...(contract.use ?? [])],
    errorHandlers: around.errorHandlers,
    load: compileInputs(contract, app.messages),
    outputs: compileOutputs(`${route.methods.join(', ')} ${path}`, contract.output),
    timeoutMs: contract.timeout && toMs(contract.timeout),
    limits: withMaxBytes(app.limits, contract.maxBodyBytes),
  }
}

/** Names that were given must be unique; one made from a handler's name is dropped where it is not. */
function checkNames(routes: BoundRoute[]): void {
  const known = new Map<string, BoundRoute>()
  for (const bound of routes) {
    if (bound.name === undefined || bound.route.contract.name === undefined) continue
    const other = known.get(bound.name)
    if (other) {
      throw new TypeError(
        `Two routes are called "${bound.name}": ${other.path} and ${bound.path}. ` +
          'Give one another name, or register its blueprint with another `name`.',
      )
    }
    known.set(bound.name, bound)
  }
}
