import type { Claims } from './claims.ts'

/** Why a token is refused: stable names, for programs. */
export type TokenErrorCode =
  | 'token_missing'
  | 'token_malformed'
  | 'token_too_large'
  | 'token_header_not_allowed'
  | 'token_algorithm_not_allowed'
  | 'token_unknown_key'
  | 'token_bad_signature'
  | 'token_missing_claim'
  | 'token_invalid_claim'
  | 'token_expired'
  | 'token_not_yet_valid'
  | 'token_wrong_issuer'
  | 'token_wrong_audience'
  | 'token_wrong_type'
  | 'token_revoked'
  | 'token_keys_unavailable'

export interface TokenErrorOptions extends ErrorOptions {
  claim?: string
  claims?: Claims
}

/** A token that is not accepted. `code` tells programs why; the message holds nothing of the token's signature. */
export class TokenError extends Error {
  override readonly name = 'TokenError'
  readonly code: TokenErrorCode
  /** The claim or header member that is missing or wrong. */
  readonly claim: string | undefined
  /** What the token says, where its signature is good: whose token expired, for example. */
  readonly claims: Claims | undefined

  constructor(code: TokenErrorCode, message: string, options: TokenErrorOptions = {}) {
    super(message, options)
    this.code = code
    this.claim = options.claim
    this.claims = options.claims
  }
}
