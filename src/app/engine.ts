import { METHODS, Server, type ServerOptions } from 'node:http'
import { Server as SecureServer } from 'node:https'
import { Readable } from 'node:stream'
import {
  fastify,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
} from 'fastify'
import { discardBody } from '../http/body/discard.ts'
import { hasBody } from '../http/body/read_bytes.ts'
import { refuseConnection } from '../http/connection/client_error.ts'
import { headFault } from '../http/connection/head_fault.ts'
import { mayBegin } from '../http/connection/pipeline_limit.ts'
import { ServerRequest } from '../http/connection/server_request.ts'
import { destroyStalled } from '../http/connection/stalled.ts'
import { BadRequest, HTTPError, MethodNotAllowed, NotFound } from '../http/errors.ts'
import { Router } from '../http/path/router.ts'
import type { AnyApp } from './app.ts'
import { RequestContext } from './context.ts'
import { ListText } from './list_text.ts'
import type { BoundRoute } from './mount.ts'
import { Outgoing } from './outgoing.ts'
import { answer, type Core, fail, runRoute } from './pipeline.ts'
import { readQuery } from './query.ts'
import { scopes } from './scope.ts'
import { rawTarget, rewriteTarget } from './target.ts'

const NO_PARAMS: Readonly<Record<string, unknown>> = Object.freeze({})

/** Options for Fastify itself; `http` are those of Node's server. */
export type EngineOptions = FastifyServerOptions & { readonly http?: ServerOptions }

/** How long a connection may take; `docs/guides/server.md` has the reasons. */
const TIMEOUTS = {
  requestTimeout: 300_000,
  keepAliveTimeout: 72_000,
}
const HEADERS_TIMEOUT_MS = 20_000
/** Of a client that does not read its answer. */
const STALL_TIMEOUT_MS = 60_000
const CHECK_MS = 5000

/** Fastify without routes: plugins are registered on it first, {@link serveRoutes} comes last. */
export function createEngine(options: EngineOptions): FastifyInstance {
  const engine = fastify({
    exposeHeadRoutes: false,
    // Whoever has a connection when the app closes still gets an answer on it, the last one.
    return503OnClosing: false,
    clientErrorHandler: refuseConnection,
    ...TIMEOUTS,
    ...options,
    connectionTimeout: 0,
    http: {
      connectionsCheckingInterval: CHECK_MS,
      optimizeEmptyRequests: true,
      IncomingMessage: ServerRequest,
      ...options.http,
    },
    // The context makes one when it is asked.
    genReqId: options.genReqId ?? (() => ''),
    rewriteUrl: rewriteTarget,
    routerOptions: {
      maxParamLength: 65_536,
      querystringParser: readQuery,
      ...options.routerOptions,
    },
  })
  const server: unknown = engine.server
  if (server instanceof Server || server instanceof SecureServer) {
    server.headersTimeout = options.http?.headersTimeout ?? HEADERS_TIMEOUT_MS
    destroyStalled(server, options.connectionTimeout ?? STALL_TIMEOUT_MS)
  } else if (options.connectionTimeout !== undefined) {
    engine.server.setTimeout(options.connectionTimeout)
  }
  return engine
}

/**
 * Give Fastify one route that leads everything, which its plugins do not answer, to the app's own router.
 *
 * Bodies pass Fastify's parsers untouched: the app reads them itself, after the middleware.
 */
export function serveRoutes(app: AnyApp): void {
  const { fastify: engine } = app
  const router = toRouter(app.boundRoutes)
  const serve = (request: FastifyRequest, reply: FastifyReply): void =>
    dispatch(app, router, request, reply)

  for (const method of METHODS) {
    if (method !== 'CONNECT' && !engine.supportedMethods.includes(method))
      engine.addHttpMethod(method)
  }
  engine.setNotFoundHandler(serve)
  engine.setErrorHandler((error: FastifyError, request, reply) => {
    if (REFUSED_TYPE.has(error.code)) return serve(request, reply)
    return void refuse(app, error, request, reply)
  })
  void engine.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    // Named ones are found by one look-up.
    scope.addContentTypeParser(['application/json', '*'], (_request, _payload, done) => done(null))
    // A plugin may answer one method everywhere, as that for CORS does; Fastify knows its '*' as '/*'.
    const isFree = (method: string): boolean => !scope.hasRoute({ method, url: '/*' })
    scope.route({ method: scope.supportedMethods.filter(isFree), url: '*', handler: serve })
  })
}

/** What Fastify refuses before our route for a content type that it cannot read. Ours may not read a body at all. */
const REFUSED_TYPE = new Set([
  'FST_ERR_CTP_INVALID_MEDIA_TYPE',
  'FST_ERR_ROUTE_MISSING_CONTENT_TYPE',
])

function toRouter(routes: readonly BoundRoute[]): Router<BoundRoute> {
  const router = new Router<BoundRoute>()
  for (const bound of routes) {
    router.add({
      methods: bound.route.methods,
      path: bound.path,
      parts: bound.parts,
      host: bound.host,
      defaults: bound.defaults,
      name: bound.name,
      strictSlashes: bound.route.contract.strictSlashes,
      value: bound,
    })
  }
  router.compile()
  return router
}

function dispatch(
  app: AnyApp,
  router: Router<BoundRoute>,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  if (reply.raw.socket === null && !mayBegin(reply.raw, request.raw.socket)) return
  const fault = headFault(request.raw)
  if (fault !== undefined) return refuseHead(app, fault, request, reply)
  const target = rawTarget(request.raw)
  const mark = target.indexOf('?')
  const path = mark === -1 ? target : target.slice(0, mark)
  const match = router.match(request.raw.method ?? 'GET', path, request.raw.headers.host)
  if (match.kind === 'found') {
    const c = new RequestContext(app, match.value, match.params, request, reply)
    scopes.run(c.scope, respond, c, match.value.middleware, runRoute)
    return
  }
  const c = new RequestContext(app, undefined, NO_PARAMS, request, reply)
  const search = mark === -1 ? '' : target.slice(mark)
  scopes.run(c.scope, respond, c, app.middleware, () => decline(match, search))
}

/** Nothing on this connection can be trusted to begin where it seems to. */
function refuseHead(
  app: AnyApp,
  fault: string,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const c = new RequestContext(app, undefined, NO_PARAMS, request, reply)
  scopes.run(c.scope, respond, c, [], () => {
    throw new BadRequest(fault, { headers: { connection: 'close' } })
  })
}

/** The answer where no handler is to run: the way to the right address, the methods that fit, or 404. */
function decline(match: Declined, search: string): Outgoing {
  switch (match.kind) {
    case 'redirect':
      return new Outgoing(308, { location: match.location + search }, null)
    case 'options':
      return new Outgoing(200, { allow: match.allow.join(', ') }, null)
    case 'methodNotAllowed':
      throw new MethodNotAllowed(match.allow)
    default:
      throw new NotFound()
  }
}

type Declined = Exclude<ReturnType<Router<BoundRoute>['match']>, { kind: 'found' }>

function respond(c: RequestContext, middleware: BoundRoute['middleware'], core: Core): void {
  const answered = answer(c, middleware, core)
  if (answered instanceof Promise) void answered.then((outgoing) => send(c, outgoing))
  else send(c, answered)
}

/** Answer what a Fastify plugin threw in the app's own form of errors. */
async function refuse(
  app: AnyApp,
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const c = new RequestContext(app, undefined, NO_PARAMS, request, reply)
  const { statusCode = 500, message } = error
  const isRefusal = statusCode >= 400 && statusCode < 500
  const thrown = isRefusal ? new HTTPError(statusCode, message, { cause: error }) : error
  send(c, await scopes.run(c.scope, fail, c, thrown))
}

function send(c: RequestContext, outgoing: Outgoing): void {
  const { raw } = c.fastifyReply
  const { body } = outgoing
  if (c.hasFiles) raw.once('close', () => void c.request.dispose())
  if (!(body instanceof ListText)) return transmit(c, outgoing, body)
  if (raw.destroyed || c.fastifyRequest.method === 'HEAD') return transmit(c, outgoing, null)
  void body.open().then(
    (opened) => transmit(c, outgoing, opened),
    (error: unknown) => sendFailure(c, error),
  )
}

/** Answer what a list threw before anything of it was sent; where that was an error's answer, there is none. */
async function sendFailure(c: RequestContext, error: unknown): Promise<void> {
  const isSecond = c.failed
  const failed = await fail(c, error)
  if (isSecond) c.fastifyReply.raw.destroy()
  else send(c, failed)
}

function transmit(
  c: RequestContext,
  outgoing: Outgoing,
  content: Exclude<Outgoing['body'], ListText>,
): void {
  const { fastifyReply: reply } = c
  const { raw } = reply
  let body = content
  if (raw.destroyed || reply.sent) {
    if (body instanceof Readable) body.destroy()
    return
  }
  if (body instanceof Readable && c.fastifyRequest.method === 'HEAD') {
    body.destroy()
    body = null
  }
  if (hasBody(c.fastifyRequest.raw)) {
    discardBody(c.fastifyRequest.raw, raw, outgoing.status === 408)
  }
  reply.code(outgoing.status)
  for (const name in outgoing.headers) reply.header(name, outgoing.headers[name])
  // Fastify writes null as JSON, and undefined as no body.
  reply.send(body ?? undefined)
}
