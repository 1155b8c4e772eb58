import type { Clock } from '../../lib/clock.ts'
import { RecentMap } from '../../lib/recent_map.ts'
import { checkClaims, checkTimes, type Claims } from './claims.ts'
import { type CompactToken, parseCompact, parseJSON } from './compact_token.ts'
import type { KeySource } from './key_source.ts'
import { TokenError } from './token_error.ts'

export interface TokenVerifierOptions {
  keys: KeySource
  /** Who must have issued the token. Default: not asked. */
  issuer?: string | undefined
  /** Whom the token must be for: one of its audiences must be among these. Default: not asked. */
  audience?: string | readonly string[] | undefined
  /** How far clocks may differ. Default 0. */
  leewayMs?: number
  /** Longest token. Default 8 KiB. */
  maxBytes?: number
  /** What a token must have besides `sub` and `exp`. Default `iat`, `jti` and `type`. */
  requiredClaims?: readonly string[]
  /** `typ` of the header. Default `'JWT'`, which may be left out; another one, such as `'at+jwt'`, may not. */
  typ?: string
  /** How many verified tokens are remembered. Default 10,000; 0 for none. */
  maxRemembered?: number | undefined
  clock?: Clock
}

interface Verified {
  readonly text: string
  readonly claims: Claims
  readonly version: number
}

/** Verifies tokens, and remembers those that it has verified. */
export class TokenVerifier {
  readonly #keys: KeySource
  readonly #issuer: string | undefined
  readonly #audiences: readonly string[] | undefined
  readonly #required: readonly string[]
  readonly #limits: { maxBytes: number; typ: string }
  readonly #leewayMs: number
  readonly #clock: Clock
  readonly #verified: RecentMap<string, Verified> | undefined

  constructor(options: TokenVerifierOptions) {
    const { audience, requiredClaims = ['iat', 'jti', 'type'], maxRemembered = 10_000 } = options
    this.#keys = options.keys
    this.#issuer = options.issuer
    this.#audiences = typeof audience === 'string' ? [audience] : audience
    const asked = [options.issuer && 'iss', audience && 'aud'].filter(
      (name) => typeof name === 'string',
    )
    this.#required = ['sub', 'exp', ...requiredClaims, ...asked]
    this.#limits = { maxBytes: options.maxBytes ?? 8_192, typ: options.typ ?? 'JWT' }
    this.#leewayMs = options.leewayMs ?? 0
    this.#clock = options.clock ?? Date.now
    this.#verified = maxRemembered > 0 ? new RecentMap(maxRemembered) : undefined
  }

  /**
   * What a token says. At once where it is known or its key is a secret, else as a promise.
   *
   * @param type that the token must have, such as `'access'`
   * @throws {TokenError} when it must not be accepted; a promise is rejected with the same
   */
  verify(text: string, type?: string): Claims | Promise<Claims> {
    // Found by its signature, which is short; known only where the whole of it is the same.
    const signature = text.slice(text.lastIndexOf('.') + 1)
    const known = this.#verified?.get(signature)
    if (known?.text === text && known.version === this.#keys.version) {
      return this.#accept(known.claims, type)
    }
    const token = parseCompact(text, this.#limits)
    const { version } = this.#keys
    const pending = this.#keys.verify(token)
    if (!pending) return this.#remember(version, token, type)
    return pending.then(() => this.#remember(version, token, type))
  }

  /** @param version of the keys when verification began: they may have changed meanwhile */
  #remember(version: number | undefined, token: CompactToken, type?: string): Claims {
    const claims = checkClaims(parseJSON(token.payload, 'payload'), this.#required)
    this.#checkParties(claims)
    this.#accept(claims, type)
    const { text, signature } = token
    if (version !== undefined) this.#verified?.set(signature, { text, claims, version })
    return claims
  }

  #accept(claims: Claims, type: string | undefined): Claims {
    checkTimes(claims, this.#clock(), this.#leewayMs)
    if (type === undefined || claims.type === type) return claims
    const message = `This is not a token of type "${type}".`
    throw new TokenError('token_wrong_type', message, { claim: 'type', claims })
  }

  #checkParties(claims: Claims): void {
    if (this.#issuer !== undefined && claims.iss !== this.#issuer) {
      throw new TokenError('token_wrong_issuer', 'Invalid issuer', { claim: 'iss', claims })
    }
    const { aud = [] } = claims
    const given = typeof aud === 'string' ? [aud] : aud
    if (this.#audiences?.some((audience) => given.includes(audience)) === false) {
      throw new TokenError('token_wrong_audience', "Audience doesn't match", {
        claim: 'aud',
        claims,
      })
    }
  }
}
