import { hash } from 'node:crypto'
import type { Principal } from '../../app/scope.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Claims } from '../../token/jwt/claims.ts'
import type { KeySource } from '../../token/jwt/key_source.ts'
import { TokenVerifier } from '../../token/jwt/verifier.ts'
import { toMs } from '../../lib/duration.ts'
import type { AuthOptions } from './auth_options.ts'
import type { TokenKind } from './carriers.ts'
import { familyOf, Revocations } from './revocations.ts'
import { type LoadUser, revoked, type TokenChecks } from './token_authenticator.ts'
import type { TokenNames } from './token_store.ts'
import { TrustedIssuers } from './trusted_issuers.ts'

/** The roles that a token gives. */
export type RolesOf = (claims: Claims) => readonly string[]

/** All that is asked of a token, whosever it is. */
export class AllTokenChecks<User> implements TokenChecks<User> {
  readonly loadUser: LoadUser<User> | undefined
  readonly now: Clock
  readonly #own: TokenVerifier
  readonly #trusted: TrustedIssuers
  readonly #revocations: Revocations | undefined
  readonly #rolesOf: RolesOf | undefined

  constructor(
    keys: KeySource,
    options: AuthOptions<User>,
    parts: { loadUser?: LoadUser<User> | undefined; rolesOf?: RolesOf | undefined },
  ) {
    const { clock = Date.now, issuer, audience, leeway = '0s', trust = [], store } = options
    if (trust.some((each) => each.issuer === issuer)) {
      throw new TypeError(`The issuer "${issuer}" is this app itself; it is trusted anyway.`)
    }
    const common = { leewayMs: toMs(leeway), clock }
    const { remembered: maxRemembered } = options
    this.#own = new TokenVerifier({ ...common, keys, issuer, audience, maxRemembered })
    this.#trusted = new TrustedIssuers(trust, common)
    this.#revocations = store ? new Revocations(store, (claims) => this.namesOf(claims)) : undefined
    this.#rolesOf = parts.rolesOf
    this.loadUser = parts.loadUser
    this.now = clock
  }

  check(text: string, kind: TokenKind): Claims | Promise<Claims> {
    const others = kind === 'access' ? this.#trusted.verify(text) : undefined
    const claims = others ?? this.#own.verify(text, kind)
    if (!this.#revocations) return claims
    return claims instanceof Promise
      ? claims.then((verified) => this.#checkRevoked(verified))
      : this.#checkRevoked(claims)
  }

  /** Another issuer's users are not ours, and what it calls a role is not what we do. */
  principalOf(claims: Claims): Principal {
    if (!this.#trusted.has(claims)) {
      return { id: claims.sub, roles: (this.#rolesOf ?? defaultRoles)(claims) }
    }
    return { id: `${claims.iss}|${claims.sub}`, roles: this.#rolesOf?.(claims) ?? [] }
  }

  /** What the store knows a token by. */
  namesOf(claims: Claims): TokenNames {
    const { iss, jti } = claims
    if (!this.#trusted.has(claims)) return { jti, family: familyOf(claims) }
    return { jti: jti && hash('sha256', `${iss}|${jti}`, 'base64url'), family: undefined }
  }

  /** Something was revoked here. */
  forgetRevision(): void {
    this.#revocations?.forget()
  }

  #checkRevoked(claims: Claims): Claims | Promise<Claims> {
    const found = this.#revocations?.isRevoked(claims) ?? false
    if (!(found instanceof Promise)) return refuseRevoked(claims, found)
    return found.then((isRevoked) => refuseRevoked(claims, isRevoked))
  }
}

function refuseRevoked(claims: Claims, isRevoked: boolean): Claims {
  if (isRevoked) throw revoked(claims)
  return claims
}

/** The claims `role` and `roles`. */
function defaultRoles({ role, roles }: Claims): readonly string[] {
  if (typeof role === 'string') return [role]
  return Array.isArray(roles) ? roles.filter((each) => typeof each === 'string') : []
}
