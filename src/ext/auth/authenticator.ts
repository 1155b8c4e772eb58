import type { Context } from '../../app/context.ts'
import type { Principal } from '../../app/scope.ts'
import type { Claims } from '../../token/jwt/claims.ts'

/** Somebody who has shown who they are, and how. */
export interface Identity<User> {
  /** For policies, cache keys and limits. */
  readonly principal: Principal
  /** For the app's own code. */
  readonly user: User
  /** The {@link Authenticator.name} of the way. */
  readonly by: string
  /** Whether a password or the like was given just now: what `signedIn({ fresh: true })` asks. */
  readonly isFresh: boolean
  /** All that this way allows, of what its user may; undefined where it limits nothing. Asked by `signedIn({ scope })`. */
  readonly scopes?: readonly string[]
  /** Where it was a token. */
  readonly claims?: Claims
}

/** One way to show who one is: a token, an API key, a session. `signedIn()` asks all it was given, in order. */
export interface Authenticator<User> {
  /** Different from those of the other ways in an app: `'token'`, `'api_key'`. */
  readonly name: string
  /** What `WWW-Authenticate` says of it: `'Bearer realm="shop"'`; undefined where there is no scheme for it. */
  challenge(c: Context): string | undefined
  /** What 401 says where this is the first way and nothing was shown. */
  missing(c: Context): string
  /**
   * Find who makes this request. Only the head of it has been read.
   *
   * @returns undefined where it carries nothing of this kind, so that another way may be tried
   * @throws {SignInError} where what it carries is not accepted; no other way is tried
   */
  authenticate(c: Context): Identity<User> | undefined | Promise<Identity<User> | undefined>
}
