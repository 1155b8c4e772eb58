import type { Context } from '../../app/context.ts'
import type { Blueprint } from '../../app/blueprint.ts'
import type { Extension, Setup } from '../../app/extension.ts'
import { currentScope, type Principal } from '../../app/scope.ts'
import type { Middleware } from '../../app/middleware.ts'
import type { Claims } from '../../token/jwt/claims.ts'
import { auditTokens } from './audit_tokens.ts'
import type { AuthOptions, WithoutTokensOptions } from './auth_options.ts'
import { AuthState } from './auth_state.ts'
import type { Authenticator, Identity } from './authenticator.ts'
import { jwksBlueprint } from './jwks.ts'
import { SignInError } from './sign_in_error.ts'
import {
  type MaybeSignedIn,
  maybeSignedInBy,
  type PermissionContext,
  requiredBy,
  type SignedIn,
  signedInBy,
  type SignInRules,
} from './signed_in.ts'
import type { LoadUser } from './token_authenticator.ts'
import type { RolesOf } from './token_checks.ts'
import type { TokenContents } from './token_sessions.ts'
import type { TokenPair } from './token_pair.ts'
import type { TokenFamily } from './token_store.ts'

/** What is the same in every app that installs this sign-in. */
export interface AuthParts<User> {
  /** Find the user of a token, for the context. Default: what the token says, without a look at the database. */
  readonly loadUser?: LoadUser<User>
  /** The roles that a token gives. Default: its claims `role` and `roles`; none for tokens of others. */
  readonly rolesOf?: RolesOf
  /** The one place that says how a client is told that it is not let in. Default: the app's form of errors. */
  readonly answer?: (error: SignInError, c: Context) => unknown
}

/** Which requests are let in, and by what. */
export interface SignedInOptions extends SignInRules {
  /** Let everybody in; those who are known are known. */
  readonly optional?: boolean
  /** By a refresh token, for the one route that replaces it. */
  readonly refresh?: boolean
}

/** The sign-in of an app that has no tokens. */
class WithoutTokens<User> {
  readonly ways: readonly Authenticator<User>[]

  constructor({ also }: WithoutTokensOptions<User>) {
    this.ways = also
  }
}

/** Sign-in with tokens, and with whatever else the app adds. */
export class Authentication<User> implements Extension<
  AuthState<User> | WithoutTokens<User>,
  AuthOptions<User> | WithoutTokensOptions<User>
> {
  readonly name = 'auth'
  readonly #parts: AuthParts<User>

  constructor(parts: AuthParts<User> = {}) {
    this.#parts = parts
    this.signedIn = this.signedIn.bind(this)
    this.requires = this.requires.bind(this)
  }

  setup(
    app: Setup,
    options: AuthOptions<User> | WithoutTokensOptions<User>,
  ): AuthState<User> | WithoutTokens<User> {
    const { answer } = this.#parts
    if (answer) app.onError(SignInError, (error, c) => answer(toSignInError(error), c))
    if (options.tokens === false) return new WithoutTokens(options)
    app.audit(() => auditTokens(options))
    return new AuthState(app, options, this.#parts)
  }

  /**
   * Let nobody in who is not signed in; adds `user` and `identity` to the context, and sets its `principal`.
   *
   * Acts before the body is read. A route may ask for more than its blueprint.
   */
  signedIn(options: SignedInOptions & { readonly optional: true }): Middleware<MaybeSignedIn<User>>
  signedIn(options?: SignedInOptions): Middleware<SignedIn<User>>
  signedIn(
    options: SignedInOptions = {},
  ): Middleware<SignedIn<User>> | Middleware<MaybeSignedIn<User>> {
    const { optional = false, refresh = false, ...rules } = options
    const ways = (c: Context) =>
      refresh ? withTokens(c.state(this)).refreshWays : c.state(this).ways
    return optional ? maybeSignedInBy(ways, rules) : signedInBy(ways, rules)
  }

  /**
   * Let only those in for whom `isAllowed` holds.
   *
   * @param message of the 403
   */
  requires<Params = Context['params']>(
    isAllowed: (c: PermissionContext<User, Params>) => boolean | Promise<boolean>,
    message?: string,
  ): Middleware<SignedIn<User>> {
    return requiredBy((c) => c.state(this).ways, isAllowed, message)
  }

  /** A route with the public keys of this app's tokens, `/.well-known/jwks.json`, for others to verify them with. */
  jwks(): Blueprint {
    return jwksBlueprint((c) => withTokens(c.state(this)).keys)
  }

  /**
   * Issue tokens for somebody whose password, or the like, was right.
   *
   * @param subject the user's id, as text
   */
  async signIn(c: Context, subject: string, contents: TokenContents = {}): Promise<TokenPair> {
    return this.#state.sessions.begin(c, subject, contents)
  }

  /**
   * Replace both tokens, for somebody who came through `signedIn({ refresh: true })`.
   *
   * @throws {SignInError} when the refresh token was replaced before; then its whole family is revoked
   */
  async refresh(
    c: Context,
    identity: Identity<User>,
    contents: TokenContents = {},
  ): Promise<TokenPair> {
    const state = this.#state
    return state.refusing(true, () => state.sessions.rotate(c, claimsOf(identity), contents))
  }

  /** Issue another access token, and let the refresh token be. */
  async extend(identity: Identity<User>, contents: TokenContents = {}): Promise<TokenPair> {
    return this.#state.sessions.extend(claimsOf(identity), contents)
  }

  /** Put tokens into cookies, which no script can read. */
  setCookies(c: Context, pair: TokenPair): void {
    this.#state.setCookies(c, pair)
  }

  /** Sign out on this device: none of its tokens counts any more, in any process. */
  async signOut(c: Context, identity: Identity<User>): Promise<void> {
    await this.#state.signOut(c, identity)
  }

  /** Revoke one token. */
  async revoke(claims: Claims): Promise<void> {
    await this.#state.revoke(claims)
  }

  /** Where a subject is signed in, last used first. */
  async devices(subject: string): Promise<TokenFamily[]> {
    return this.#state.devices(subject)
  }

  /** Sign a subject out on one device. @returns whether it was signed in there */
  async signOutDevice(subject: string, device: string): Promise<boolean> {
    return this.#state.signOutDevice(subject, device)
  }

  /** Sign a subject out everywhere, or everywhere but on the device of `except`. @returns on how many devices */
  async signOutEverywhere(subject: string, except?: Identity<User>): Promise<number> {
    return this.#state.signOutEverywhere(subject, except)
  }

  /** Whether this app's tokens can be revoked: it has a store. */
  get canRevoke(): boolean {
    return this.#state.canRevoke
  }

  /** Whether this app's clients keep their tokens in cookies: `locations` begins with `'cookie'`. */
  get keepsInCookies(): boolean {
    return this.#state.keepsInCookies
  }

  get #state(): AuthState<User> {
    return withTokens(currentScope().app.state(this))
  }
}

/**
 * Sign-in for apps to install.
 *
 * @example
 * ```ts
 * import { App } from 'dewar'
 * import { authentication, memoryTokenStore } from 'dewar/auth'
 *
 * const auth = authentication()
 *
 * const app = new App('shop', { logger: false })
 *   .install(auth, { secret: 'a secret of at least 32 bytes, kept elsewhere', store: memoryTokenStore() })
 * app.post('/sign-in', async (c) => (await auth.signIn(c, '7', { claims: { role: 'admin' } })).access.token)
 * app.get('/me', { use: [auth.signedIn({ role: 'admin' })] }, ({ user }) => user)
 * ```
 */
export function authentication(parts?: AuthParts<Principal>): Authentication<Principal>
export function authentication<User>(
  parts: AuthParts<User> & { readonly loadUser: LoadUser<User> },
): Authentication<User>
export function authentication<User>(parts: AuthParts<User> = {}): Authentication<User> {
  return new Authentication(parts)
}

function withTokens<User>(state: AuthState<User> | WithoutTokens<User>): AuthState<User> {
  if (state instanceof AuthState) return state
  throw new Error('There are no tokens here: auth was installed with `tokens: false`.')
}

function claimsOf({ claims }: Identity<unknown>): Claims {
  if (claims) return claims
  throw new TypeError('Only somebody who is signed in by a token has one to replace.')
}

function toSignInError(error: unknown): SignInError {
  if (error instanceof SignInError) return error
  throw error
}
