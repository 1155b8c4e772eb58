import { decodePath, isPlain } from './decode.ts'
import { encodePath } from './encode.ts'
import { parsePath, PathError, type PathPart } from './grammar.ts'
import { hostLabels, type HostPattern, parseHost } from './host.ts'
import { isParam, staticText, toSegments } from './segment.ts'
import { type Endpoint, type Found, Node } from './tree.ts'
import { type Arrival, SLASH_MISSING, Walk } from './walk.ts'

/** A route as the router sees it. */
export interface RouteEntry<T> {
  /** All of them when `undefined`; GET answers HEAD too. */
  readonly methods?: readonly string[] | undefined
  readonly path: string
  /** The path, read; needed when it names converters of the app's own. */
  readonly parts?: readonly PathPart[] | undefined
  /** A host, or a pattern of hosts such as `'<tenant>.example.com'`; any host when `undefined`. */
  readonly host?: string | undefined
  /** Constants among the parameters. */
  readonly defaults?: Readonly<Record<string, unknown>> | undefined
  /**
   * `false` answers with and without a slash at the end; else a missing one redirects, and one too
   * many is not found.
   */
  readonly strictSlashes?: boolean | undefined
  /** For error messages. */
  readonly name?: string | undefined
  readonly value: T
}

/** The client should ask elsewhere, with the same method and query. */
interface Redirect {
  readonly kind: 'redirect'
  /** A path, percent-encoded; never another host. */
  readonly location: string
}

/** The path exists, and the method is not for a handler. */
interface Declined {
  /** `'options'` when it was asked which methods there are. */
  readonly kind: 'methodNotAllowed' | 'options'
  /** In alphabetical order. */
  readonly allow: readonly string[]
}

/** No route has this path. */
interface Nowhere {
  readonly kind: 'notFound'
}

export type Match<T> = Found<T> | Redirect | Declined | Nowhere

/** All paths of one host, or of any. */
class Tree<T> {
  readonly root: Node<T> = new Node()
  /** Where paths end that have no parameter and need no decoding: one look-up instead of a walk. */
  readonly ends: Map<string, Node<T>> = new Map()
}

interface HostTree<T> {
  readonly pattern: HostPattern
  readonly tree: Tree<T>
}

/** Finds the route for a request, as Werkzeug's rules and weights have it. */
export class Router<T> {
  readonly #tree: Tree<T> = new Tree()
  readonly #hosts: Map<string, HostTree<T>> = new Map()
  readonly #hostPatterns: Map<string, HostTree<T>> = new Map()
  #hasHosts = false
  #isSorted = true

  /** @throws {PathError} when the path or host is malformed, or another route answers the same */
  add(entry: RouteEntry<T>): void {
    const parts = entry.parts ?? parsePath(entry.path)
    const pattern = entry.host === undefined ? undefined : parseHost(entry.host)
    const endpoint = toEndpoint(entry, parts, pattern?.names ?? [])
    const tree = pattern ? this.#treeOf(pattern) : this.#tree
    const segments = toSegments(parts)
    let node = tree.root
    for (const segment of segments) node = node.follow(segment)
    node.add(endpoint)
    const path = `/${segments.map(staticText).join('/')}`
    if (segments.every((segment) => segment.isStatic) && isPlain(path)) tree.ends.set(path, node)
    this.#isSorted = false
  }

  /** Make ready for matching; otherwise the first match does. */
  compile(): void {
    this.#tree.root.sort()
    for (const { tree } of this.#hosts.values()) tree.root.sort()
    for (const { tree } of this.#hostPatterns.values()) tree.root.sort()
    this.#isSorted = true
  }

  /**
   * Find the route for a request.
   *
   * @param rawPath as it was received: not decoded, without the query
   * @param host the `Host` header; a route for it is preferred to one for any host
   */
  match(method: string, rawPath: string, host?: string): Match<T> {
    if (!this.#isSorted) this.compile()
    if (!this.#hasHosts) {
      const endpoint = this.#tree.ends.get(rawPath)?.endpoints.get(method)
      if (endpoint !== undefined) return toFound(endpoint, NO_VALUES)
    }
    return this.#search(new Walk<T>(method, decodePath(rawPath)), host)
  }

  #search(walk: Walk<T>, host: string | undefined): Match<T> {
    const { method, path } = walk
    const arrival = this.#arrive(walk, host)
    if (arrival === SLASH_MISSING) return redirectTo(`${path}/`)
    if (arrival !== undefined) return toFound(arrival, walk.values)
    if (method === 'OPTIONS' && walk.allowed) return decline('options', walk.allowed)
    if (!path.includes('//')) return refuse(walk.allowed)

    const merged = new Walk<T>(method, path.replaceAll(/\/{2,}/g, '/'))
    merged.allowed = walk.allowed
    const mergedArrival = this.#arrive(merged, host)
    if (mergedArrival === SLASH_MISSING) return redirectTo(`${merged.path}/`)
    const hasOptions = method === 'OPTIONS' && merged.allowed !== undefined
    if (mergedArrival !== undefined || hasOptions) return redirectTo(merged.path)
    return refuse(merged.allowed)
  }

  #arrive(walk: Walk<T>, host: string | undefined): Arrival<T> {
    if (this.#hasHosts && host !== undefined) {
      const arrival = this.#arriveAtHost(walk, hostLabels(host))
      if (arrival !== undefined) return arrival
    }
    return walk.search(this.#tree.root, 1)
  }

  #arriveAtHost(walk: Walk<T>, labels: readonly string[]): Arrival<T> {
    const exact = this.#hosts.get(labels.join('.'))
    const arrival = exact && walk.search(exact.tree.root, 1)
    if (arrival !== undefined) return arrival
    for (const { pattern, tree } of this.#hostPatterns.values()) {
      const found = pattern.match(labels, walk.values) && walk.search(tree.root, 1)
      if (found) return found
      walk.values.length = 0
    }
    return undefined
  }

  #treeOf(pattern: HostPattern): Tree<T> {
    this.#hasHosts = true
    const hosts = pattern.names.length === 0 ? this.#hosts : this.#hostPatterns
    const known = hosts.get(pattern.identity)
    if (known) return known.tree
    const tree = new Tree<T>()
    hosts.set(pattern.identity, { pattern, tree })
    return tree
  }
}

const NOT_FOUND: Nowhere = Object.freeze({ kind: 'notFound' })
const NO_VALUES: readonly unknown[] = Object.freeze([])

function toFound<T>(endpoint: Endpoint<T>, values: readonly unknown[]): Found<T> {
  const { constant, names, defaults, value } = endpoint
  if (constant !== undefined) return constant
  const params: Record<string, unknown> = {}
  for (let i = 0; i < names.length; i++) params[names[i]!] = values[i]
  if (defaults !== undefined) Object.assign(params, defaults)
  return { kind: 'found', value, params }
}

function redirectTo(path: string): Redirect {
  return { kind: 'redirect', location: encodePath(path) }
}

function refuse(allowed: ReadonlySet<string> | undefined): Declined | Nowhere {
  return allowed ? decline('methodNotAllowed', allowed) : NOT_FOUND
}

function decline(kind: Declined['kind'], allowed: ReadonlySet<string>): Declined {
  return { kind, allow: [...new Set(allowed).add('OPTIONS')].toSorted() }
}

function toEndpoint<T>(
  { methods, path, host, defaults = {}, strictSlashes, name, value }: RouteEntry<T>,
  parts: readonly PathPart[],
  hostNames: readonly string[],
): Endpoint<T> {
  const names = [...hostNames, ...parts.filter(isParam).map((part) => part.name)]
  const twice = names.find((each, i) => names.indexOf(each) !== i)
  if (twice !== undefined) {
    throw new PathError(`"${twice}" is a parameter both of the path ${path} and of its host.`)
  }
  if (methods?.length === 0) throw new PathError(`The route ${path} names no method.`)
  const address = `${methods?.join('|') ?? 'any method'} ${host ?? ''}${path}`
  return {
    value,
    methods: methods?.map((method) => method.toUpperCase()),
    names,
    defaults: Object.keys(defaults).length > 0 ? defaults : undefined,
    isStrict: strictSlashes !== false,
    constant:
      names.length > 0
        ? undefined
        : Object.freeze({ kind: 'found', value, params: Object.freeze({ ...defaults }) }),
    title: name === undefined ? address : `"${name}" (${address})`,
  }
}
