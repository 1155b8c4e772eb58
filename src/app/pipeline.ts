import { debugAnswer } from './debug_page.ts'
import { ClientGone } from '../http/body/client_gone.ts'
import { type HTTPError, NO_HEADERS, ServiceUnavailable } from '../http/errors.ts'
import type { RequestContext } from './context.ts'
import { type ErrorHandlers, toShown } from './error_handlers.ts'
import type { AnyMiddleware } from './middleware.ts'
import { Outgoing } from './outgoing.ts'
import { toOutgoing } from './respond.ts'
import { shownTarget } from './shown_target.ts'
import { UNEXPECTED } from './unexpected.ts'

type Answer = Outgoing | Promise<Outgoing>
/** What stands innermost: validation and handler, or the refusal of a request that has no route. */
export type Core = (c: RequestContext) => Answer

/**
 * Answer one request: middleware from the outside in, the core, then the end of the scope's work.
 *
 * Never throws or rejects: every error becomes an answer, and undoes what the scope has done.
 */
export function answer(
  c: RequestContext,
  middleware: readonly AnyMiddleware[],
  core: Core,
): Answer {
  const stepped = step(c, middleware, 0, core)
  if (!(stepped instanceof Promise)) return conclude(c, stepped)
  const limitMs = c.route?.timeoutMs
  const answered = limitMs === undefined ? stepped : withinTime(c, stepped, limitMs)
  return answered.then((outgoing) => conclude(c, outgoing))
}

/** Load what the contract names, then run the handler; its value goes through the route's output. */
export function runRoute(c: RequestContext): Answer {
  const loaded = c.route!.load?.(c)
  if (!(loaded instanceof Promise)) return loaded ? fail(c, loaded) : handle(c)
  return loaded.then((refusal) => (refusal ? fail(c, refusal) : handle(c)))
}

function handle(c: RequestContext): Answer {
  const { route, outputs } = c.route!
  const value = route.handler(c)
  if (!isThenable(value)) return toOutgoing(c, value, outputs)
  return Promise.resolve(value).then((settled) => toOutgoing(c, settled, outputs))
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'then' in value &&
    typeof value.then === 'function'
  )
}

/** Go on with the middleware at `index`, or the core. Never rejects. */
function step(
  c: RequestContext,
  middleware: readonly AnyMiddleware[],
  index: number,
  core: Core,
): Answer {
  try {
    const value = index < middleware.length ? enter(c, middleware, index, core) : core(c)
    return value instanceof Promise ? value.catch((error: unknown) => fail(c, error)) : value
  } catch (error) {
    return fail(c, error)
  }
}

function enter(
  c: RequestContext,
  middleware: readonly AnyMiddleware[],
  index: number,
  core: Core,
): Answer {
  const current = middleware[index]!
  let inner: Answer | undefined
  let further: Promise<Outgoing> | undefined
  const value = current(c, (adds: object | undefined) => {
    if (further) throw new Error(`The middleware ${nameOf(current)} called next() twice.`)
    if (adds) Object.assign(c, adds)
    inner = step(c, middleware, index + 1, core)
    further = Promise.resolve(inner)
    return further
  })
  // Nobody waits for what is there already.
  if (inner && value === further) return inner
  if (!(value instanceof Promise)) return toAnswer(c, current, value)
  return value.then((settled: unknown) => toAnswer(c, current, settled))
}

function toAnswer(c: RequestContext, current: AnyMiddleware, value: unknown): Answer {
  if (value !== undefined) return toOutgoing(c, value, undefined)
  throw new Error(
    `The middleware ${nameOf(current)} returned nothing. It must return an answer, or that of next().`,
  )
}

function nameOf(middleware: AnyMiddleware): string {
  return middleware.name === '' ? '(without a name)' : `"${middleware.name}"`
}

/** Keep what the scope has done, or undo it when anything was thrown. */
function conclude(c: RequestContext, outgoing: Outgoing): Answer {
  if (!c.scope.hasWork) {
    c.scope.end()
    return outgoing
  }
  return c.failed ? undo(c, outgoing) : keep(c, outgoing)
}

function keep(c: RequestContext, outgoing: Outgoing): Answer {
  try {
    const committed = c.scope.commit()
    if (!(committed instanceof Promise)) return outgoing
    return committed.then(
      () => outgoing,
      (error: unknown) => failAndUndo(c, error),
    )
  } catch (error) {
    return failAndUndo(c, error)
  }
}

async function failAndUndo(c: RequestContext, thrown: unknown): Promise<Outgoing> {
  return undo(c, await fail(c, thrown))
}

async function undo(c: RequestContext, outgoing: Outgoing): Promise<Outgoing> {
  try {
    await c.scope.rollback()
  } catch (error) {
    c.log.error({ err: error }, 'the rollback failed')
  }
  return outgoing
}

/** Answer an error: by the nearest handler for it, else in the app's form. Never throws or rejects. */
export function fail(c: RequestContext, thrown: unknown): Answer {
  c.failed = true
  if (c.isAborted(thrown)) return format(c, thrown, new ClientGone({ cause: thrown }))
  try {
    const answered = handleError(c, thrown, toShown(thrown, c.app.translations))
    if (!(answered instanceof Promise)) return answered
    return answered.catch((error: unknown) => failAgain(c, error))
  } catch (error) {
    return failAgain(c, error)
  }
}

/** A handler for errors threw one itself. */
function failAgain(c: RequestContext, thrown: unknown): Answer {
  try {
    const answered = format(c, thrown, toShown(thrown, c.app.translations))
    if (!(answered instanceof Promise)) return answered
    return answered.catch((broken: unknown) => lastResort(c, broken))
  } catch (broken) {
    return lastResort(c, broken)
  }
}

function handleError(c: RequestContext, thrown: unknown, shown: HTTPError): Answer {
  const found = findHandler(c.route?.errorHandlers ?? c.app.errorLevels, thrown, shown)
  if (!found) return format(c, thrown, shown)
  if (found.error === shown) report(c, thrown, shown)
  return toErrorAnswer(c, found.run(found.error, c), thrown, shown)
}

function findHandler(levels: readonly ErrorHandlers[], thrown: unknown, shown: HTTPError) {
  for (const handlers of levels) {
    const found = handlers.find(thrown, shown)
    if (found) return found
  }
  return undefined
}

function format(c: RequestContext, thrown: unknown, shown: HTTPError): Answer {
  report(c, thrown, shown)
  const value =
    c.app.debug && isUnexpected(thrown, shown)
      ? debugAnswer(c, thrown)
      : c.app.formatError(shown, c)
  return toErrorAnswer(c, value, thrown, shown)
}

function toErrorAnswer(
  c: RequestContext,
  value: unknown,
  thrown: unknown,
  shown: HTTPError,
): Answer {
  if (value instanceof Promise) {
    return value.then((settled: unknown) => toErrorAnswer(c, settled, thrown, shown))
  }
  const outgoing = toOutgoing(c, value, undefined, shown.status)
  return outgoing instanceof Promise
    ? outgoing.then((opened) => withError(opened, thrown, shown))
    : withError(outgoing, thrown, shown)
}

/** The form of errors failed itself: the least that can be said. */
function lastResort(c: RequestContext, thrown: unknown): Outgoing {
  const shown = toShown(thrown, [])
  report(c, thrown, shown)
  const headers = { 'content-type': 'text/plain; charset=utf-8' }
  return new Outgoing(500, headers, 'An internal server error occurred.', thrown)
}

/** Whether nobody has foreseen this error: neither who threw it nor an extension. */
function isUnexpected(thrown: unknown, shown: HTTPError): boolean {
  return shown.status === 500 && thrown !== shown
}

/** Log what the server did wrong; its cause never leaves the server in any other way. */
function report(c: RequestContext, thrown: unknown, shown: HTTPError): void {
  if (shown.status < 500) return
  if (isUnexpected(thrown, shown)) UNEXPECTED.set(c.fastifyReply.raw, { error: thrown })
  const { method } = c.request
  const target = shownTarget(c.request.target)
  c.log.error({ err: thrown, method, target, route: c.routeName }, shown.message)
}

function withError(outgoing: Outgoing, thrown: unknown, shown: HTTPError): Outgoing {
  const headers =
    shown.headers === NO_HEADERS ? outgoing.headers : { ...shown.headers, ...outgoing.headers }
  return new Outgoing(outgoing.status, headers, outgoing.body, thrown)
}

/** Answer 503 when `answered` takes longer, and abort the request's signal. */
function withinTime(
  c: RequestContext,
  answered: Promise<Outgoing>,
  limitMs: number,
): Promise<Outgoing> {
  const { promise, resolve } = Promise.withResolvers<Outgoing>()
  const timer = setTimeout(() => {
    const message = `The answer took longer than ${limitMs} ms.`
    const error = new ServiceUnavailable(message, { code: 'timeout' })
    resolve(fail(c, error))
    c.aborter.abort(error)
  }, limitMs)
  void answered.then(resolve).finally(() => clearTimeout(timer))
  return promise
}
