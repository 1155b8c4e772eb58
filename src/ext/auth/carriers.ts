import type { Context } from '../../app/context.ts'
import type { Claims } from '../../token/jwt/claims.ts'
import { equalInConstantTime } from '../../token/constant_time.ts'
import { CSRF_HEADER, type TokenCookies } from './token_cookies.ts'
import { SignInError, toChallenge } from './sign_in_error.ts'
import { malformed } from './token_refusal.ts'

/** Where a request may carry its token; asked in this order. */
export type TokenLocation = 'header' | 'cookie' | 'query'

/** A token as it came. */
export interface CarriedToken {
  readonly text: string
  readonly location: TokenLocation
}

export interface CarrierOptions {
  readonly realm: string
  readonly locations: readonly TokenLocation[]
  readonly cookies: TokenCookies
}

export type TokenKind = 'access' | 'refresh'

const EXPECTED = "Expected 'Authorization: Bearer <JWT>'"
const QUERY_NAMES = { access: 'access_token', refresh: 'refresh_token' } as const
const BEARER = /^bearer(?: |$)/i
/** RFC 6750, section 2.1: one token, without spaces. */
const BEARER_TOKEN = /^bearer +([^\s,]+)$/i
/** Methods that change nothing, which a browser may be led to without harm. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

/** Find the token of a request. @throws {SignInError} when it is carried in a wrong way */
export function findToken(
  c: Context,
  kind: TokenKind,
  { realm, locations, cookies }: CarrierOptions,
): CarriedToken | undefined {
  for (const location of locations) {
    const text =
      location === 'header'
        ? fromHeader(c, realm)
        : location === 'cookie'
          ? c.request.cookies[cookies.names[kind]]
          : fromQuery(c, realm, QUERY_NAMES[kind])
    if (text !== undefined && text !== '') return { text, location }
  }
  return undefined
}

/** What 401 says where {@link findToken} finds none. */
export function missingToken(c: Context, kind: TokenKind, options: CarrierOptions): string {
  const [location] = options.locations
  if (location === 'cookie') return `Missing cookie "${options.cookies.names[kind]}"`
  if (location === 'query') return `Missing "${QUERY_NAMES[kind]}" in the query`
  const header = c.request.header('authorization')
  if (header === undefined || header === '') return 'Missing Authorization Header'
  return `Missing 'Bearer' type in 'Authorization' header. ${EXPECTED}`
}

/**
 * Check that a request with a cookie was meant by the page that has the cookie: it repeats what another cookie
 * says, which other sites cannot read, and the token says the same, so that nobody can set both.
 *
 * @throws {SignInError} when it does not
 */
export function checkCSRF(
  c: Context,
  { csrf }: Claims | { readonly csrf: string },
  challenges: readonly string[],
): void {
  if (SAFE.has(c.request.method)) return
  const given = c.request.header(CSRF_HEADER)
  if (given === undefined || typeof csrf !== 'string') {
    throw csrfError('csrf_missing', 'Missing CSRF token', challenges)
  }
  if (equalInConstantTime(given, csrf)) return
  throw csrfError('csrf_mismatch', 'CSRF double submit tokens do not match', challenges)
}

function fromHeader(c: Context, realm: string): string | undefined {
  const header = c.request.header('authorization')
  if (header === undefined) return undefined
  if (isRepeated(c.request.raw.rawHeaders)) {
    const message = 'There is more than one Authorization header.'
    const attributes = { realm, error: 'invalid_request', error_description: message }
    const challenges = [toChallenge('Bearer', attributes)]
    throw new SignInError(400, 'credentials_repeated', message, { challenges })
  }
  if (header.startsWith('Bearer ') && header.indexOf(' ', 7) === -1) {
    if (!header.includes(',', 7)) return header.slice(7)
  }
  return fromUnusualHeader(header, realm)
}

function fromUnusualHeader(header: string, realm: string): string | undefined {
  if (!BEARER.test(header)) return undefined
  const [, text] = BEARER_TOKEN.exec(header) ?? []
  if (text !== undefined) return text
  throw malformed(realm, `Bad Authorization header. ${EXPECTED}`)
}

/** Whether there are several Authorization headers. Node takes the first; another server on the way may take the last. */
export function isRepeated(rawHeaders: readonly string[]): boolean {
  let count = 0
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!
    if (name.length === 13 && name.toLowerCase() === 'authorization') count++
  }
  return count > 1
}

function fromQuery(c: Context, realm: string, name: string): string | undefined {
  const value = c.request.query[name]
  if (value === undefined || typeof value === 'string') return value
  throw malformed(realm, `There is more than one "${name}" in the query.`)
}

function csrfError(
  code: 'csrf_missing' | 'csrf_mismatch',
  message: string,
  challenges: readonly string[],
): SignInError {
  return new SignInError(401, code, message, { challenges })
}
