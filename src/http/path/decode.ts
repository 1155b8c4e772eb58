import { decodeComponent } from '../../lib/urlencoded.ts'

/**
 * Decode the path of a request target as Werkzeug does, before any routing: `%2F` becomes a slash like any other.
 *
 * A bad escape stays as it is, bytes that are not UTF-8 become U+FFFD, `+` and dot segments stay.
 * However many slashes it begins with, the result begins with one.
 *
 * @param raw as Node hands it over (bytes as Latin-1), without the query
 */
export function decodePath(raw: string): string {
  let path = raw
  for (let i = 0; i < raw.length; i++) {
    const code = raw.charCodeAt(i)
    if (code !== PERCENT && code < 128) continue
    path = decodeComponent(raw.replaceAll('+', '%2B'), 'latin1')
    break
  }
  if (path.charCodeAt(0) === SLASH && path.charCodeAt(1) !== SLASH) return path
  return `/${path.replace(/^\/+/, '')}`
}

const PERCENT = 37
const SLASH = 47
