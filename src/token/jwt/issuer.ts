import { randomUUID } from 'node:crypto'
import { CompactSign } from 'jose'
import type { Clock } from '../../lib/clock.ts'
import { checkClaims, type Claims, REGISTERED } from './claims.ts'
import type { KeyRing } from './key_ring.ts'
import { TokenError } from './token_error.ts'

export interface TokenIssuerOptions {
  keys: KeyRing
  issuer?: string | undefined
  audience?: string | readonly string[] | undefined
  /** `typ` of the header. Default `'JWT'`. */
  typ?: string
  /** Longest token. Default 8 KiB; in a cookie 4 KiB is the most that browsers take. */
  maxBytes?: number
  clock?: Clock
}

export interface TokenContent {
  /** Whose token it is. */
  sub: string
  /** `'access'`, `'refresh'`, or a kind of the app's own. */
  type: string
  lifetimeMs: number
  /** Whether it is issued for a password just given, or until when (seconds since 1970) it counts so. */
  fresh?: boolean | number
  /** Default: a new UUID. */
  jti?: string
  /** What else it says, such as the role. Anybody who has the token can read it. */
  claims?: Readonly<Record<string, unknown>>
}

export interface IssuedToken {
  readonly token: string
  readonly claims: Claims
}

/** Issues signed tokens. */
export class TokenIssuer {
  readonly #options: TokenIssuerOptions

  constructor(options: TokenIssuerOptions) {
    this.#options = options
  }

  /**
   * Issue a token that is valid from now on.
   *
   * @throws {TypeError} when a claim is not of its type or has a reserved name, or the token grows too long
   * @throws {InvalidKey} when no key can sign
   */
  async issue(content: TokenContent): Promise<IssuedToken> {
    const { keys, typ = 'JWT', maxBytes = 8_192 } = this.#options
    const payload = JSON.stringify(this.#claimsOf(content))
    const claims = readBack(payload)
    const { algorithm: alg, kid, signing } = keys.signer
    if (!signing) throw new TypeError('A signer has a signing key.')
    const token = await new CompactSign(Buffer.from(payload))
      .setProtectedHeader({ alg, kid, typ })
      .sign(signing)
    if (token.length > maxBytes) {
      throw new TypeError(`A token of ${token.length} bytes is too long: its claims must be fewer.`)
    }
    return { token, claims }
  }

  #claimsOf({ claims = {}, sub, type, lifetimeMs, fresh = false, jti }: TokenContent): object {
    const taken = Object.keys(claims).find((name) => REGISTERED.includes(name))
    if (taken !== undefined) throw new TypeError(`The claim "${taken}" is given by the issuer.`)
    const now = Math.floor((this.#options.clock ?? Date.now)() / 1000)
    const { issuer: iss, audience: aud } = this.#options
    const exp = now + Math.max(1, Math.round(lifetimeMs / 1000))
    const own = { sub, iat: now, nbf: now, exp, jti: jti ?? randomUUID(), type, fresh }
    return { ...claims, ...own, iss, aud }
  }
}

/** What a verifier will read. What it would refuse is a mistake here, not the client's. */
function readBack(payload: string): Claims {
  try {
    return checkClaims(JSON.parse(payload), ['sub', 'exp'])
  } catch (cause) {
    if (!(cause instanceof TokenError)) throw cause
    throw new TypeError(`A token cannot be issued so: ${cause.message}`, { cause })
  }
}
