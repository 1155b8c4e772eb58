import { isUtf8 } from 'node:buffer'
import type { Algorithm } from './key.ts'
import { TokenError } from './token_error.ts'

/** A token taken apart, with a header that asks for nothing unusual. Its signature is not checked yet. */
export interface CompactToken {
  readonly text: string
  readonly algorithm: Algorithm
  readonly kid: string | undefined
  /** What the signature is of. */
  readonly signed: string
  readonly payload: string
  readonly signature: string
}

interface Header extends Record<string, unknown> {
  readonly alg: Algorithm
  readonly kid?: string
}

export interface CompactLimits {
  /** Longest token, in bytes. */
  maxBytes: number
  /** The `typ` of the header. `'JWT'` may also be left out, as in RFC 7519. */
  typ: string
}

/** Keys that a token brings along, or says where to fetch: RFC 8725, section 3.10. Extensions are not known here. */
const NOT_ALLOWED = ['jwk', 'jku', 'x5c', 'x5u', 'crit', 'b64', 'zip']
const ALGORITHMS: readonly unknown[] = ['HS256', 'RS256', 'ES256', 'EdDSA'] satisfies Algorithm[]
const SEGMENTS = /^[\w-]+\.[\w-]+\.[\w-]*$/

/**
 * Take a JWS in compact form apart, and refuse what its header must not say.
 *
 * @throws {TokenError} that names what is wrong
 */
export function parseCompact(text: string, limits: CompactLimits): CompactToken {
  if (text === '') throw new TokenError('token_missing', 'There is no token.')
  // A token is ASCII, so characters are bytes; anything else fails the next test.
  if (text.length > limits.maxBytes) {
    throw new TokenError('token_too_large', `The token is longer than ${limits.maxBytes} bytes.`)
  }
  if (!SEGMENTS.test(text)) {
    throw new TokenError(
      'token_malformed',
      'A token has three parts in base64url, with dots between.',
    )
  }
  const first = text.indexOf('.')
  const last = text.lastIndexOf('.')
  const header: Record<string, unknown> = parseJSON(text.slice(0, first), 'header')
  checkHeader(header, limits.typ)
  return {
    text,
    algorithm: header.alg,
    kid: header.kid,
    signed: text.slice(0, last),
    payload: text.slice(first + 1, last),
    signature: text.slice(last + 1),
  }
}

/**
 * Read a part of a token.
 *
 * @throws {TokenError} when it is not a JSON object
 */
export function parseJSON(part: string, name: string): Record<string, unknown> {
  const bytes = Buffer.from(part, 'base64url')
  try {
    const value: unknown = isUtf8(bytes) ? JSON.parse(bytes.toString()) : undefined
    if (isRecord(value)) return value
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new TokenError('token_malformed', `The ${name} of the token is not a JSON object.`)
}

function checkHeader(header: Record<string, unknown>, typ: string): asserts header is Header {
  for (const name of NOT_ALLOWED) {
    if (!Object.hasOwn(header, name)) continue
    const message = `A token must not have "${name}" in its header.`
    throw new TokenError('token_header_not_allowed', message, { claim: name })
  }
  if (!ALGORITHMS.includes(header['alg'])) {
    throw new TokenError('token_algorithm_not_allowed', 'The specified alg value is not allowed')
  }
  if (header['kid'] !== undefined && typeof header['kid'] !== 'string') {
    throw new TokenError('token_malformed', 'The "kid" of a token is text.', { claim: 'kid' })
  }
  if (!hasType(header['typ'], typ)) {
    throw new TokenError('token_wrong_type', `The "typ" of the token is not ${typ}.`, {
      claim: 'typ',
    })
  }
}

/** RFC 7515, section 4.1.9: case does not matter, and `application/` may be left out. */
function hasType(given: unknown, typ: string): boolean {
  if (given === undefined) return typ === 'JWT'
  return typeof given === 'string' && shortType(given) === shortType(typ)
}

function shortType(typ: string): string {
  return typ.toLowerCase().replace(/^application\//, '')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
