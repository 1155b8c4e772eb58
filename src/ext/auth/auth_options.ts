import type { Clock } from '../../lib/clock.ts'
import type { Duration } from '../../lib/duration.ts'
import type { KeyRing } from '../../token/jwt/key_ring.ts'
import type { Authenticator } from './authenticator.ts'
import type { TokenLocation } from './carriers.ts'
import type { TokenCookiesOptions } from './token_cookies.ts'
import type { TokenStore } from './token_store.ts'
import type { TrustedIssuer } from './trusted_issuers.ts'

/** What an app decides when it installs sign-in in other ways alone. */
export interface WithoutTokensOptions<User> {
  readonly tokens: false
  /** The ways, asked in this order. */
  readonly also: readonly [Authenticator<User>, ...Authenticator<User>[]]
}

/** What an app decides when it installs sign-in with tokens. Either `secret` or `keys` must be there. */
export interface AuthOptions<User> {
  readonly tokens?: true | undefined
  /** For HS256, at least 32 bytes; of several the first signs and all verify. */
  readonly secret?: string | readonly string[] | undefined
  /** Keys of other kinds, or such as change while the app runs. */
  readonly keys?: KeyRing | undefined
  /** Where is kept which tokens count; `false` lets every token count until it expires, and nobody log out. */
  readonly store: TokenStore | false
  /** How long an access token counts. Default: `'15m'`. */
  readonly accessLifetime?: Duration | undefined
  /** How long a refresh token counts, that is, how long somebody may stay away. Default: `'30d'`. */
  readonly refreshLifetime?: Duration | undefined
  /** How long refreshing may go on until a password is asked again. Default: `'90d'`. */
  readonly sessionLifetime?: Duration | undefined
  /** How long a refresh token may come once more after it was replaced, for tabs side by side. Default: `'10s'`. */
  readonly grace?: Duration | undefined
  /** `iss` of the tokens issued and accepted here. */
  readonly issuer?: string | undefined
  /** `aud` of the tokens issued and accepted here. */
  readonly audience?: string | undefined
  /** How far the clocks of several machines may differ. Default: none. */
  readonly leeway?: Duration | undefined
  /** Where tokens are looked for. Default: only in the header. */
  readonly locations?: readonly TokenLocation[] | undefined
  readonly cookies?: TokenCookiesOptions | undefined
  /** Others whose tokens are accepted. */
  readonly trust?: readonly TrustedIssuer[] | undefined
  /** Further ways to sign in, asked after tokens. */
  readonly also?: readonly Authenticator<User>[] | undefined
  /** How many verified tokens each process remembers, so as not to verify them again. Default: 10,000. */
  readonly remembered?: number | undefined
  /** What `WWW-Authenticate` calls this app. Default: its name. */
  readonly realm?: string | undefined
  readonly clock?: Clock | undefined
}
