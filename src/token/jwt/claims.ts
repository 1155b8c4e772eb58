import { TokenError, type TokenErrorCode } from './token_error.ts'

/** What a verified token says. Frozen, as requests share it. */
export interface Claims {
  /** Whose token it is, as text. */
  readonly sub: string
  /** Seconds since 1970. */
  readonly exp: number
  readonly nbf?: number
  readonly iat?: number
  readonly jti?: string
  /** `'access'` or `'refresh'`, or a kind of the app's own. */
  readonly type?: string
  /** Whether it was issued for a password just given, or until when (seconds since 1970) it counts so. */
  readonly fresh?: boolean | number
  readonly iss?: string
  readonly aud?: string | readonly string[]
  readonly [name: string]: unknown
}

/** The year 9999: later times are a mistake, or meant to overflow. */
const MAX_SECONDS = 253_402_300_799

type Check = (value: unknown) => boolean

const isText: Check = (value) => typeof value === 'string' && value !== ''
const isTime: Check = (value) =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MAX_SECONDS
const isAudience: Check = (value) => isText(value) || (Array.isArray(value) && value.every(isText))

const CHECKS: readonly (readonly [name: string, check: Check, what: string])[] = [
  ['sub', isText, 'text'],
  ['exp', isTime, 'whole seconds'],
  ['nbf', isTime, 'whole seconds'],
  ['iat', isTime, 'whole seconds'],
  ['jti', isText, 'text'],
  ['type', isText, 'text'],
  ['fresh', (value) => typeof value === 'boolean' || isTime(value), 'true, false or whole seconds'],
  ['iss', isText, 'text'],
  ['aud', isAudience, 'text, or a list of texts'],
]

/** Names that {@link TokenIssuer} gives a value, or that have a meaning of their own. */
export const REGISTERED: readonly string[] = CHECKS.map(([name]) => name)

/**
 * Check that claims are there and of their type. Times are not compared.
 *
 * @throws {TokenError} that names the claim
 */
export function checkClaims(claims: Record<string, unknown>, required: readonly string[]): Claims {
  for (const name of required) {
    if (Object.hasOwn(claims, name)) continue
    throw new TokenError('token_missing_claim', `Missing claim: ${name}`, { claim: name })
  }
  for (const [name, check, what] of CHECKS) {
    if (!Object.hasOwn(claims, name) || check(claims[name])) continue
    const message = `The claim "${name}" is not ${what}.`
    throw new TokenError('token_invalid_claim', message, { claim: name })
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- sub and exp are always required
  return freeze(claims) as unknown as Claims
}

/**
 * Check that a token may be used now.
 *
 * @throws {TokenError} when it is expired or not valid yet
 */
export function checkTimes(claims: Claims, nowMs: number, leewayMs: number): void {
  if (nowMs >= claims.exp * 1000 + leewayMs) refuse('token_expired', 'Token has expired', claims)
  const from = Math.max(claims.nbf ?? 0, claims.iat ?? 0)
  if (nowMs < from * 1000 - leewayMs) {
    refuse('token_not_yet_valid', 'The token is not yet valid', claims)
  }
}

/** Whether a token counts as issued for a password just given. */
export function isFresh({ fresh = false }: Claims, nowMs: number): boolean {
  return typeof fresh === 'boolean' ? fresh : nowMs < fresh * 1000
}

function refuse(code: TokenErrorCode, message: string, claims: Claims): never {
  throw new TokenError(code, message, { claims })
}

function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  for (const member of Object.values(value)) freeze(member)
  return Object.freeze(value)
}
