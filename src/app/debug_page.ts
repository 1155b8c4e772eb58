import { RawReply } from '../http/reply.ts'
import type { Context } from './context.ts'
import { maskURL } from './config/mask.ts'
import { DEBUG_PAGE_POLICY, debugHTML } from './debug_html.ts'
import { describeThrown, type Thrown, titleOfThrown } from './thrown.ts'

const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }
const SECRET_HEADER = /auth|cookie|secret|token|key|passw|session|credential|signature/i

/**
 * The answer to an error that nobody expected, for whoever develops the app: with source, stack and causes.
 *
 * Only in debug mode. A page for people, problem details with `debug` for programs. Never throws.
 */
export function debugAnswer(c: Context, thrown: unknown): RawReply {
  try {
    const described = describeThrown(thrown)
    return c.request.prefers('text/html') ? pageOf(c, described) : problemOf(c, described)
  } catch {
    const headers = { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' }
    return new RawReply(500, 'An error happened, and another while it was described.', headers)
  }
}

function problemOf(c: Context, thrown: Thrown): RawReply {
  const body = {
    type: 'about:blank',
    title: 'Internal Server Error',
    status: 500,
    detail: titleOfThrown(thrown),
    code: 'internal_server_error',
    request_id: c.id,
    debug: toJSON(thrown),
  }
  const headers = { ...HEADERS, 'content-type': 'application/problem+json; charset=utf-8' }
  return new RawReply(500, JSON.stringify(body), headers)
}

function toJSON({ name, message, frames, sources, cause }: Thrown): object {
  const [source] = sources
  return {
    name,
    message,
    stack: frames.map((frame) => frame.text),
    ...(source && { source: { file: source.file, line: source.line, excerpt: source.excerpt } }),
    ...(cause && { cause: toJSON(cause) }),
  }
}

function pageOf(c: Context, thrown: Thrown): RawReply {
  const { method, target } = c.request
  const body = debugHTML({
    app: c.app.name,
    requestId: c.id,
    request: `${method} ${maskURL(target)}`,
    route: c.routeName,
    headers: shownHeaders(c),
    thrown,
  })
  return new RawReply(500, body, {
    ...HEADERS,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': DEBUG_PAGE_POLICY,
    'referrer-policy': 'no-referrer',
  })
}

function shownHeaders(c: Context): (readonly [string, string])[] {
  return Object.entries(c.request.headers).map(([name, value]) => [
    name,
    SECRET_HEADER.test(name) ? '***' : maskURL([value ?? ''].flat().join(', ')),
  ])
}
