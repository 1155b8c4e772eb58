import { randomUUID } from 'node:crypto'
import { type SetCookie, stringifySetCookie } from 'cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { toHeaderValue } from '../http/headers.ts'
import type { AnyApp } from './app.ts'
import type { Inputs } from './contract.ts'
import type { AnyExtension, StateOf } from './extension.ts'
import { Incoming } from './incoming.ts'
import type { Logger } from './logger.ts'
import type { AddsOf } from './middleware.ts'
import type { BoundRoute } from './mount.ts'
import { type Principal, Scope } from './scope.ts'
import { type UrlFor, urlForIn } from './url_for.ts'

/** Attributes of a cookie (RFC 6265). `maxAge` in seconds. */
export type CookieOptions = Omit<SetCookie, 'name' | 'value'>

/** What every middleware, handler and error handler knows of its request. */
export interface BaseContext {
  readonly app: AnyApp
  /** The request as it came: method, path, headers, raw body. */
  readonly request: Incoming
  /** Unique among all requests; in the log, and in the answer to an unknown error. */
  readonly id: string
  readonly log: Logger
  /** Aborted when the client goes away or the route's time is up. */
  readonly signal: AbortSignal
  /** The name of the route, such as `'tasks.get_task'`. */
  readonly routeName: string | undefined
  /** Who acts; set by sign-in. */
  principal: Principal | undefined
  /** Fastify's own reply, for what its plugins add, such as `viewAsync`. */
  readonly fastifyReply: FastifyReply
  readonly urlFor: UrlFor
  /** Set a header of the answer, whatever the answer will be. A further `set-cookie` is added. */
  setHeader(name: string, value: string | number): void
  /**
   * Give the client a cookie, whatever the answer will be.
   *
   * Default: for the whole site and this session, `HttpOnly`, `SameSite=Lax`, and `Secure` where the request was.
   *
   * @throws {TypeError} when the name, or an option, has characters that no cookie can hold
   */
  setCookie(name: string, value: string, options?: CookieOptions): void
  /** Make the client forget a cookie; `path` and `domain` as it was set with. */
  deleteCookie(name: string, options?: Pick<CookieOptions, 'path' | 'domain'>): void
  /**
   * What `extension` set up for this app.
   *
   * @throws {Error} when the app never installed it: a mistake in the app, not in the request
   */
  state<E extends AnyExtension>(extension: E): StateOf<E>
}

/** The context as a middleware sees it: nothing but the path is read yet. */
export interface Context extends BaseContext {
  /** Path parameters, converted. */
  readonly params: Readonly<Record<string, unknown>>
}

/** The context of a handler: the path's parameters, and all that its contract loads and its middleware adds. */
export type HandlerContext<Params, C> = BaseContext &
  Inputs<C> & { readonly params: Params } & (C extends { use: infer U } ? AddsOf<U> : {})

/** The one implementation of {@link Context}; inputs and additions are set on it as the request proceeds. */
export class RequestContext implements Context {
  readonly app: AnyApp
  readonly route: BoundRoute | undefined
  readonly params: Readonly<Record<string, unknown>>
  readonly fastifyRequest: FastifyRequest
  readonly fastifyReply: FastifyReply
  readonly scope: Scope
  /** Whether anything was thrown; then the scope's work is undone. */
  failed = false
  query: unknown = undefined
  headers: unknown = undefined
  cookies: unknown = undefined
  json: unknown = undefined
  form: unknown = undefined
  files: unknown = undefined
  #request: Incoming | undefined = undefined
  #id: string | undefined = undefined
  #log: Logger | undefined = undefined
  #abort: AbortController | undefined = undefined

  constructor(
    app: AnyApp,
    route: BoundRoute | undefined,
    params: Readonly<Record<string, unknown>>,
    request: FastifyRequest,
    reply: FastifyReply,
  ) {
    this.app = app
    this.route = route
    this.params = params
    this.fastifyRequest = request
    this.fastifyReply = reply
    this.scope = new Scope(app, 'request', this)
  }

  get request(): Incoming {
    this.#request ??= new Incoming(this.fastifyRequest, this.route?.limits ?? this.app.limits)
    return this.#request
  }

  get id(): string {
    this.#id ??= this.fastifyRequest.id || randomUUID()
    return this.#id
  }

  get log(): Logger {
    this.#log ??= this.app.log.child({ request_id: this.id })
    return this.#log
  }

  get signal(): AbortSignal {
    return this.aborter.signal
  }

  get aborter(): AbortController {
    if (this.#abort) return this.#abort
    const aborter = new AbortController()
    const { raw } = this.fastifyReply
    if (raw.destroyed) aborter.abort()
    else raw.once('close', () => raw.writableFinished || aborter.abort())
    this.#abort = aborter
    return aborter
  }

  /** Whether `thrown` only says that {@link signal} was aborted: nobody waits for the answer any more. */
  isAborted(thrown: unknown): boolean {
    const signal = this.#abort?.signal
    if (!signal?.aborted) return false
    return thrown === signal.reason || (thrown instanceof Error && thrown.name === 'AbortError')
  }

  get routeName(): string | undefined {
    return this.route?.name
  }

  get principal(): Principal | undefined {
    return this.scope.principal
  }

  set principal(principal: Principal | undefined) {
    this.scope.principal = principal
  }

  get urlFor(): UrlFor {
    return urlForIn(this.app, this)
  }

  /** Whether a form was read, whose files must go. */
  get hasFiles(): boolean {
    return this.#request?.hasFiles ?? false
  }

  setHeader(name: string, value: string | number): void {
    this.fastifyReply.header(name, typeof value === 'number' ? value : toHeaderValue(value))
  }

  setCookie(name: string, value: string, options: CookieOptions = {}): void {
    const secure = this.fastifyRequest.protocol === 'https'
    const defaults = { path: '/', httpOnly: true, sameSite: 'lax', secure } as const
    this.fastifyReply.header(
      'set-cookie',
      stringifySetCookie({ name, value, ...defaults, ...options }),
    )
  }

  deleteCookie(name: string, options: Pick<CookieOptions, 'path' | 'domain'> = {}): void {
    this.setCookie(name, '', { ...options, maxAge: 0 })
  }

  state<E extends AnyExtension>(extension: E): StateOf<E> {
    return this.app.state(extension)
  }
}
