import type { Endpoint, Node } from './tree.ts'

/** The path is a route's, but for the slash at its end. */
export const SLASH_MISSING: unique symbol = Symbol('slash missing')

export type Arrival<T> = Endpoint<T> | typeof SLASH_MISSING | undefined

/**
 * One search through the tree, with what it gathers on its way.
 *
 * It is as deep as the tree at most, and meets each node once, so that its length depends on the
 * routes and not on the path.
 */
export class Walk<T> {
  readonly method: string
  readonly path: string
  /** The values of the parameters up to where the search stands. */
  readonly values: unknown[] = []
  /** The methods of the routes that the path leads to and the method does not; never empty. */
  allowed: Set<string> | undefined = undefined

  constructor(method: string, path: string) {
    this.method = method
    this.path = path
  }

  /**
   * Search `node` and all below, static ways first.
   *
   * @param start where the next segment begins; behind the end of the path when there is none
   */
  search(node: Node<T>, start: number): Arrival<T> {
    const { path } = this
    if (start > path.length) return this.#arrive(node)
    const slash = path.indexOf('/', start)
    const end = slash < 0 ? path.length : slash
    const next = node.staticAt(path, start, end)
    if (next !== undefined) {
      const arrival = this.search(next, end + 1)
      if (arrival !== undefined) return arrival
    }
    if (node.edges.length > 0) {
      const arrival = this.#searchEdges(node, start, end)
      if (arrival !== undefined) return arrival
    }
    return start === path.length && node.hasEndpoints ? this.#arriveLeniently(node) : undefined
  }

  #searchEdges(node: Node<T>, start: number, end: number): Arrival<T> {
    const text = this.path.slice(start, end)
    for (const { segment, match, next } of node.edges) {
      const before = this.values.length
      const arrival = segment.isFinal
        ? this.#searchRest(match, segment.endsWithSlash, next, start)
        : match(text, this.values)
          ? this.search(next, end + 1)
          : undefined
      if (arrival !== undefined) return arrival
      this.values.length = before
    }
    return undefined
  }

  #searchRest(
    match: (text: string, values: unknown[]) => boolean,
    endsWithSlash: boolean,
    next: Node<T>,
    start: number,
  ): Arrival<T> {
    const { path } = this
    const hasSlash = endsWithSlash && path.endsWith('/')
    const text = path.slice(start, hasSlash ? -1 : undefined)
    if (endsWithSlash && text.endsWith('/')) return undefined
    if (!match(text, this.values)) return undefined
    return this.search(next, hasSlash ? path.length : path.length + 1)
  }

  /** The whole path led to `node`. */
  #arrive(node: Node<T>): Arrival<T> {
    const endpoint = this.#endpointAt(node)
    if (endpoint !== undefined) return endpoint
    for (const allowed of node.endpoints.keys()) this.#allow(allowed)
    const branch = node.statics.get('')
    return branch === undefined || this.#hasOptions ? undefined : this.#arriveAtBranch(branch)
  }

  /** The path led to the node in front of `branch`, whose routes end with a slash. */
  #arriveAtBranch(branch: Node<T>): Arrival<T> {
    const endpoint = branch.endpointFor(this.method)
    if (endpoint !== undefined) return endpoint.isStrict ? SLASH_MISSING : endpoint
    if (this.method !== 'OPTIONS' || !branch.hasEndpoints) return undefined
    for (const { isStrict } of branch.endpoints.values()) if (isStrict) return SLASH_MISSING
    for (const allowed of branch.endpoints.keys()) this.#allow(allowed)
    return undefined
  }

  /** The path led to `node`, and then on to a slash that its routes do not have. */
  #arriveLeniently(node: Node<T>): Arrival<T> {
    const endpoint = this.#endpointAt(node)
    if (endpoint?.isStrict === false) return endpoint
    for (const [method, { isStrict }] of node.endpoints) if (!isStrict) this.#allow(method)
    return undefined
  }

  #endpointAt(node: Node<T>): Endpoint<T> | undefined {
    const endpoint = node.endpointFor(this.method)
    // A route for any method does not take OPTIONS from the routes before it, which have their own
    // answer.
    return endpoint?.methods === undefined && this.#hasOptions ? undefined : endpoint
  }

  /** Whether the answer to an OPTIONS request is known already. */
  get #hasOptions(): boolean {
    return this.allowed !== undefined && this.method === 'OPTIONS'
  }

  #allow(method: string): void {
    this.allowed ??= new Set()
    this.allowed.add(method)
  }
}
