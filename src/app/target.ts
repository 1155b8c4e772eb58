import type { IncomingMessage } from 'node:http'

const RAW: unique symbol = Symbol('the request target as it was sent')

type WithRaw = IncomingMessage & { [RAW]?: string }

/** The request target (path and query) exactly as the client sent it, in bytes as Latin-1. */
export function rawTarget(request: IncomingMessage): string {
  return (request as WithRaw)[RAW] ?? request.url ?? '/'
}

/**
 * Give Fastify's router a target that it can read, and keep the one that was sent for ours.
 *
 * Its router refuses bad escapes and does not know the absolute form (`GET http://host/path`, RFC 9112 3.2.2).
 */
export function rewriteTarget(request: IncomingMessage): string {
  const target = request.url ?? '/'
  if (target.charCodeAt(0) === 47 && !target.includes('%')) return target
  const origin = toOriginForm(target, request)
  const [path = '/'] = origin.split('?', 1)
  const readable = isDecodable(path)
    ? origin
    : `${path.replaceAll('%', '%25')}${origin.slice(path.length)}`
  if (readable !== target) (request as WithRaw)[RAW] = origin
  return readable
}

function toOriginForm(target: string, request: IncomingMessage): string {
  if (target.startsWith('/')) return target
  const [, host, rest] = /^https?:\/\/([^/?#]*)(.*)$/is.exec(target) ?? []
  if (rest === undefined) return `/${target}`
  // It counts, whatever `Host` says (RFC 9112, 3.2.2).
  if (host !== undefined) request.headers.host = host
  return rest.startsWith('/') ? rest : `/${rest}`
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}
