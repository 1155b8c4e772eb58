import type { Context } from '../../app/context.ts'
import type { Setup } from '../../app/extension.ts'
import type { Claims } from '../../token/jwt/claims.ts'
import { secretKey } from '../../token/jwt/key.ts'
import { KeyRing } from '../../token/jwt/key_ring.ts'
import type { AuthOptions } from './auth_options.ts'
import type { Authenticator, Identity } from './authenticator.ts'
import type { CarrierOptions } from './carriers.ts'
import { type LoadUser, TokenAuthenticator } from './token_authenticator.ts'
import { AllTokenChecks, type RolesOf } from './token_checks.ts'
import { TokenCookies } from './token_cookies.ts'
import type { TokenPair } from './token_pair.ts'
import { toSignInError } from './token_refusal.ts'
import { TokenSessions } from './token_sessions.ts'
import type { TokenFamily, TokenStore } from './token_store.ts'

/** The sign-in of one app. */
export class AuthState<User> {
  readonly keys: KeyRing
  readonly ways: readonly Authenticator<User>[]
  /** For the route that replaces tokens. */
  readonly refreshWays: readonly Authenticator<User>[]
  readonly sessions: TokenSessions
  /** Where a browser that signs in should keep its tokens. */
  readonly keepsInCookies: boolean
  readonly #store: TokenStore | false
  readonly #carriers: CarrierOptions
  readonly #checks: AllTokenChecks<User>

  constructor(
    app: Setup,
    options: AuthOptions<User>,
    parts: { loadUser?: LoadUser<User>; rolesOf?: RolesOf },
  ) {
    const { locations = ['header'], realm = app.name } = options
    this.keys = toKeyRing(options)
    this.keepsInCookies = locations[0] === 'cookie'
    this.#store = options.store
    this.#carriers = { realm, locations, cookies: new TokenCookies(options.cookies) }
    this.#checks = new AllTokenChecks(this.keys, options, parts)
    this.sessions = new TokenSessions(this.keys, options, app.log)
    const access = new TokenAuthenticator('access', this.#checks, this.#carriers)
    this.ways = [access, ...(options.also ?? [])]
    this.refreshWays = [new TokenAuthenticator('refresh', this.#checks, this.#carriers)]
  }

  get canRevoke(): boolean {
    return this.#store !== false
  }

  /** Run `work`; a token that it refuses is refused to the client. */
  async refusing<T>(isRefresh: boolean, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      // What was revoked here counts at once.
      this.#checks.forgetRevision()
      throw toSignInError(error, this.#carriers.realm, isRefresh)
    }
  }

  setCookies(c: Context, pair: TokenPair): void {
    this.#carriers.cookies.set(c, pair, this.#checks.now())
  }

  async signOut(c: Context, { claims }: Identity<User>): Promise<void> {
    this.#carriers.cookies.clear(c)
    if (!claims) return
    const { family } = this.#checks.namesOf(claims)
    if (!this.canRevoke) return
    if (family === undefined) await this.revoke(claims)
    else await this.signOutDevice(claims.sub, family)
  }

  async revoke(claims: Claims): Promise<void> {
    const { jti } = this.#checks.namesOf(claims)
    if (jti === undefined) throw new TypeError('A token without "jti" cannot be revoked by itself.')
    await this.#required.revoke(jti, new Date(claims.exp * 1000))
    this.#checks.forgetRevision()
  }

  devices(subject: string): Promise<TokenFamily[]> {
    return this.#required.list(subject, new Date(this.#checks.now()))
  }

  async signOutDevice(subject: string, device: string): Promise<boolean> {
    const isEnded = await this.#required.end(subject, device)
    this.#checks.forgetRevision()
    return isEnded
  }

  async signOutEverywhere(subject: string, except?: Identity<User>): Promise<number> {
    const family = except?.claims && this.#checks.namesOf(except.claims).family
    const count = await this.#required.endAll(subject, family)
    this.#checks.forgetRevision()
    return count
  }

  get #required(): TokenStore {
    if (this.#store) return this.#store
    throw new Error('Nothing can be revoked: auth was installed with `store: false`.')
  }
}

function toKeyRing({ secret, keys }: Pick<AuthOptions<unknown>, 'secret' | 'keys'>): KeyRing {
  if (keys && secret !== undefined) {
    throw new TypeError('Install auth with `secret` or with `keys`, not with both.')
  }
  if (keys) return keys
  const secrets = typeof secret === 'string' ? [secret] : (secret ?? [])
  if (secrets.length > 0) return new KeyRing(secrets.map((each) => secretKey(each)))
  throw new TypeError(
    'Install auth with a `secret` of at least 32 bytes (openssl rand -base64 48), or with `keys`.',
  )
}
