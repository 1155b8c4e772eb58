import type { IssuedToken } from '../../token/jwt/issuer.ts'

/** What a client gets when it signs in: one token for requests, and one to have both replaced. */
export interface TokenPair {
  readonly access: IssuedToken
  /** Absent where only the access token was replaced. */
  readonly refresh: IssuedToken | undefined
  /** What a page must repeat in `X-CSRF-Token` where the tokens are in cookies. */
  readonly csrf: string | undefined
}
