import { parseJSON } from '../../token/jwt/compact_token.ts'
import type { Claims } from '../../token/jwt/claims.ts'
import type { KeySource } from '../../token/jwt/key_source.ts'
import { TokenError } from '../../token/jwt/token_error.ts'
import { TokenVerifier, type TokenVerifierOptions } from '../../token/jwt/verifier.ts'

/** Somebody else whose tokens are accepted. */
export interface TrustedIssuer {
  /** The claim `iss` of its tokens. */
  readonly issuer: string
  /** `new RemoteKeys('https://…/.well-known/jwks.json')`. */
  readonly keys: KeySource
  /** What its tokens must be for. Without it, tokens that were made for another app would count here. */
  readonly audience: string | readonly string[]
  /** `typ` in the header: `'at+jwt'` tells access tokens from others (RFC 9068). Default: `'JWT'`. */
  readonly typ?: string
}

/** Verifiers by the `iss` that a token claims; which one is asked decides nothing, as each checks it again. */
export class TrustedIssuers {
  readonly #verifiers: ReadonlyMap<unknown, TokenVerifier>

  constructor(
    issuers: readonly TrustedIssuer[],
    options: Pick<TokenVerifierOptions, 'leewayMs' | 'clock'>,
  ) {
    this.#verifiers = new Map(
      issuers.map(({ issuer, ...trusted }) => [
        issuer,
        new TokenVerifier({ ...options, ...trusted, issuer, requiredClaims: [] }),
      ]),
    )
  }

  /** Whether verified claims are one of theirs. */
  has({ iss }: Claims): boolean {
    return this.#verifiers.has(iss)
  }

  /** @returns undefined where the token is of none of them */
  verify(text: string): Claims | Promise<Claims> | undefined {
    if (this.#verifiers.size === 0) return undefined
    const verifier = this.#verifiers.get(issuerOf(text))
    return verifier?.verify(text)
  }
}

function issuerOf(text: string): unknown {
  const [, payload] = text.split('.', 2)
  try {
    return payload === undefined ? undefined : parseJSON(payload, 'payload')['iss']
  } catch (error) {
    if (error instanceof TokenError) return undefined
    throw error
  }
}
