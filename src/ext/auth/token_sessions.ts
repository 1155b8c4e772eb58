import { randomBytes, randomUUID } from 'node:crypto'
import type { Context } from '../../app/context.ts'
import type { Logger } from '../../app/logger.ts'
import { type Duration, toMs } from '../../lib/duration.ts'
import type { Claims } from '../../token/jwt/claims.ts'
import { type IssuedToken, TokenIssuer } from '../../token/jwt/issuer.ts'
import type { KeyRing } from '../../token/jwt/key_ring.ts'
import { TokenError } from '../../token/jwt/token_error.ts'
import type { AuthOptions } from './auth_options.ts'
import { familyOf } from './revocations.ts'
import { revoked } from './token_authenticator.ts'
import type { TokenPair } from './token_pair.ts'
import type { TokenStore } from './token_store.ts'

/** What tokens say besides whose they are. */
export interface TokenContents {
  /** Of the access token, such as `{ role: 'admin' }`. Anybody who has it can read it. */
  readonly claims?: Readonly<Record<string, unknown>>
  /** Whether, or for how long, the access token counts as issued for a password just given. Default: false. */
  readonly fresh?: boolean | Duration
}

/** What one pair of tokens has in common. */
interface Family {
  readonly sid: string | undefined
  /** When the password was given, in seconds: refreshing ends some time after that. */
  readonly auth_time: number
  readonly csrf: string
}

const SWEEP_MS = 600_000

/** Issues pairs of tokens and replaces them. */
export class TokenSessions {
  readonly #store: TokenStore | false
  readonly #issuer: TokenIssuer
  readonly #log: Logger
  readonly #now: () => number
  readonly #lifetimes: { access: number; refresh: number; session: number; grace: number }
  #sweptAt = 0

  constructor(keys: KeyRing, options: Omit<AuthOptions<unknown>, 'also'>, log: Logger) {
    const { clock = Date.now, issuer, audience } = options
    this.#store = options.store
    this.#issuer = new TokenIssuer({ keys, issuer, audience, clock })
    this.#log = log
    this.#now = clock
    this.#lifetimes = {
      access: toMs(options.accessLifetime ?? '15m'),
      refresh: toMs(options.refreshLifetime ?? '30d'),
      session: toMs(options.sessionLifetime ?? '90d'),
      grace: toMs(options.grace ?? '10s'),
    }
  }

  /** Sign a subject in on the device that asks. */
  async begin(c: Context, subject: string, contents: TokenContents): Promise<TokenPair> {
    const now = this.#now()
    const family: Family = {
      sid: this.#store ? randomUUID() : undefined,
      auth_time: Math.floor(now / 1000),
      csrf: randomBytes(18).toString('base64url'),
    }
    const pair = await this.#issue(subject, family, contents, randomUUID())
    if (this.#store && family.sid !== undefined) {
      await this.#store.begin({
        id: family.sid,
        subject,
        jti: String(pair.refresh?.claims.jti),
        device: (c.request.header('user-agent') ?? '').slice(0, 200),
        address: c.request.ip.slice(0, 64),
        now: new Date(now),
        expiresAt: expiryOf(pair),
      })
      await this.#sweep(this.#store, now)
    }
    return pair
  }

  /** Replace both tokens. @throws {TokenError} when the refresh token was replaced before */
  async rotate(c: Context, claims: Claims, contents: TokenContents): Promise<TokenPair> {
    const { sid, auth_time, csrf } = familyIn(claims)
    if (!this.#store) {
      return this.#issue(claims.sub, { sid, auth_time, csrf }, contents, randomUUID())
    }
    if (sid === undefined) throw revoked(claims)
    const to = randomUUID()
    const pair = await this.#issue(claims.sub, { sid, auth_time, csrf }, contents, to)
    const outcome = await this.#store.rotate({
      family: sid,
      from: claims.jti ?? '',
      to,
      now: new Date(this.#now()),
      expiresAt: expiryOf(pair),
      graceMs: this.#lifetimes.grace,
    })
    if (outcome.kind === 'rotated') return pair
    if (outcome.kind === 'repeated') {
      return this.#issue(claims.sub, { sid, auth_time, csrf }, contents, outcome.jti)
    }
    if (outcome.kind === 'reused') await this.#punish(c, this.#store, claims, sid)
    throw revoked(claims)
  }

  /** Issue another access token, and let the refresh token be. */
  async extend(claims: Claims, contents: TokenContents): Promise<TokenPair> {
    const { csrf, sid } = familyIn(claims)
    const access = await this.#issueAccess(claims.sub, { sid, csrf }, contents)
    return { access, refresh: undefined, csrf }
  }

  /** Somebody has a copy of this token: nobody goes on with any of its family. */
  async #punish(c: Context, store: TokenStore, claims: Claims, sid: string): Promise<void> {
    const fields = { event: 'refresh_token_reused', subject: claims.sub, family: sid }
    this.#log.warn(
      { ...fields, address: c.request.ip, request_id: c.id },
      'a refresh token came again after it was replaced; its device is signed out',
    )
    await store.end(claims.sub, sid)
  }

  async #issue(
    subject: string,
    { sid, auth_time, csrf }: Family,
    contents: TokenContents,
    jti: string,
  ): Promise<TokenPair> {
    const { refresh: longest, session } = this.#lifetimes
    const lifetimeMs = Math.min(longest, auth_time * 1000 + session - this.#now())
    if (lifetimeMs <= 0) throw new TokenError('token_expired', 'Token has expired')
    const refresh = await this.#issuer.issue({
      sub: subject,
      type: 'refresh',
      lifetimeMs,
      jti,
      claims: { sid, auth_time, csrf },
    })
    return { access: await this.#issueAccess(subject, { sid, csrf }, contents), refresh, csrf }
  }

  #issueAccess(
    subject: string,
    shared: Pick<Family, 'sid' | 'csrf'>,
    { claims = {}, fresh = false }: TokenContents,
  ): Promise<IssuedToken> {
    const until = typeof fresh === 'string' && Math.floor((this.#now() + toMs(fresh)) / 1000)
    return this.#issuer.issue({
      sub: subject,
      type: 'access',
      lifetimeMs: this.#lifetimes.access,
      fresh: until === false ? fresh === true : until,
      claims: { ...claims, ...shared },
    })
  }

  async #sweep(store: TokenStore, now: number): Promise<void> {
    if (now - this.#sweptAt < SWEEP_MS) return
    this.#sweptAt = now
    await store.removeExpired(new Date(now))
  }
}

/** Tokens made by hand, or by another library, have none of these. */
function familyIn(claims: Claims): Family {
  const { auth_time, csrf, iat = 0 } = claims
  return {
    sid: familyOf(claims),
    auth_time: typeof auth_time === 'number' ? auth_time : iat,
    csrf: typeof csrf === 'string' ? csrf : randomBytes(18).toString('base64url'),
  }
}

function expiryOf({ access, refresh }: TokenPair): Date {
  return new Date(Math.max(access.claims.exp, refresh?.claims.exp ?? 0) * 1000)
}
