import { PathError } from './grammar.ts'
import { type Matcher, toMatcher } from './matcher.ts'
import { compareSegments, identityOf, type Segment, staticText } from './segment.ts'

/** A route at the end of its path. */
export interface Endpoint<T> {
  readonly value: T
  /** As declared, in upper case; `undefined` is every method. */
  readonly methods: readonly string[] | undefined
  /** The names of the values on the way here, in order. */
  readonly names: readonly string[]
  readonly defaults: Readonly<Record<string, unknown>> | undefined
  readonly isStrict: boolean
  /** The match, where it is always the same. */
  readonly constant: Found<T> | undefined
  /** For messages: `"tasks.get_task" (/tasks/<int:task_id>)`. */
  readonly title: string
}

/** A route was found; its parameters are converted. */
export interface Found<T> {
  readonly kind: 'found'
  readonly value: T
  readonly params: Readonly<Record<string, unknown>>
}

/** A way on that no Map can look up. */
export interface Edge<T> {
  readonly segment: Segment
  readonly identity: string
  readonly match: Matcher
  readonly next: Node<T>
}

/** A place in the tree of all paths: one for each slash, and one where each path ends. */
export class Node<T> {
  readonly statics: Map<string, Node<T>> = new Map()
  readonly edges: Edge<T>[] = []
  /** By method; HEAD where GET is, too. */
  readonly endpoints: Map<string, Endpoint<T>> = new Map()
  anyMethod: Endpoint<T> | undefined = undefined
  /**
   * The one text in {@link statics}, when there is just one; to compare is faster than to look up.
   */
  soleStatic: string | undefined = undefined
  /** The node behind {@link soleStatic}. */
  soleNext: Node<T> | undefined = undefined

  get hasEndpoints(): boolean {
    return this.anyMethod !== undefined || this.endpoints.size > 0
  }

  /** @returns the node behind the static segment from `start` to `end` of `path` */
  staticAt(path: string, start: number, end: number): Node<T> | undefined {
    const { soleStatic: sole } = this
    if (sole === undefined) {
      return this.statics.size === 0 ? undefined : this.statics.get(path.slice(start, end))
    }
    const isSame = sole.length === end - start && path.startsWith(sole, start)
    return isSame ? this.soleNext : undefined
  }

  endpointFor(method: string): Endpoint<T> | undefined {
    return this.endpoints.get(method) ?? this.anyMethod
  }

  /** @returns the node behind `segment`, made when there is none */
  follow(segment: Segment): Node<T> {
    return segment.isStatic ? this.#followStatic(staticText(segment)) : this.#followEdge(segment)
  }

  /** @throws {PathError} when another route answers one of its methods here */
  add(endpoint: Endpoint<T>): void {
    const { methods } = endpoint
    const other = this.#rivalOf(endpoint)
    if (other) {
      throw new PathError(`Two routes answer the same: ${other.title} and ${endpoint.title}.`)
    }
    if (methods === undefined) this.anyMethod = endpoint
    else for (const method of methods) this.endpoints.set(method, endpoint)
    if (methods?.includes('GET') && !this.endpoints.has('HEAD')) {
      this.endpoints.set('HEAD', endpoint)
    }
  }

  /** Put the edges here and below in the order in which to try them. */
  sort(): void {
    this.edges.sort((a, b) => compareSegments(a.segment, b.segment))
    for (const next of this.statics.values()) next.sort()
    for (const { next } of this.edges) next.sort()
  }

  // A route for HEAD itself is no rival of one for GET, which only answers HEAD too.
  #rivalOf({ methods }: Endpoint<T>): Endpoint<T> | undefined {
    if (this.anyMethod) return this.anyMethod
    const [first] = this.endpoints.values()
    if (methods === undefined) return first
    const method = methods.find((each) => this.endpoints.get(each)?.methods?.includes(each))
    return method === undefined ? undefined : this.endpoints.get(method)
  }

  #followStatic(text: string): Node<T> {
    const known = this.statics.get(text)
    if (known) return known
    const next = new Node<T>()
    this.statics.set(text, next)
    this.soleStatic = this.statics.size === 1 ? text : undefined
    this.soleNext = this.statics.size === 1 ? next : undefined
    return next
  }

  #followEdge(segment: Segment): Node<T> {
    const identity = identityOf(segment)
    const known = this.edges.find((edge) => edge.identity === identity)
    if (known) return known.next
    const next = new Node<T>()
    this.edges.push({ segment, identity, match: toMatcher(segment.parts), next })
    return next
  }
}
