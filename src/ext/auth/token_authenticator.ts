import type { Context } from '../../app/context.ts'
import type { Principal } from '../../app/scope.ts'
import { type Claims, isFresh } from '../../token/jwt/claims.ts'
import { TokenError } from '../../token/jwt/token_error.ts'
import type { Authenticator, Identity } from './authenticator.ts'
import {
  type CarriedToken,
  type CarrierOptions,
  checkCSRF,
  findToken,
  missingToken,
  type TokenKind,
} from './carriers.ts'
import { SignInError, toChallenge } from './sign_in_error.ts'
import { toSignInError } from './token_refusal.ts'

/** What a token is checked with. */
export interface TokenChecks<User> {
  /** Signature, times, type, revocation. @throws {TokenError} */
  check(text: string, kind: TokenKind): Claims | Promise<Claims>
  principalOf(claims: Claims): Principal
  /** Undefined where the principal is all that is known. */
  readonly loadUser: LoadUser<User> | undefined
  readonly now: () => number
}

/** Finds the user of a token. @returns undefined where there is none any more */
export type LoadUser<User> = (
  claims: Claims,
  c: Context,
) => User | undefined | Promise<User | undefined>

/** Tokens as a way to sign in: access tokens, or for one route refresh tokens. */
export class TokenAuthenticator<User> implements Authenticator<User> {
  readonly name: string
  readonly #kind: TokenKind
  readonly #checks: TokenChecks<User>
  readonly #carriers: CarrierOptions
  readonly #challenge: string

  constructor(kind: TokenKind, checks: TokenChecks<User>, carriers: CarrierOptions) {
    this.name = kind === 'access' ? 'token' : 'refresh_token'
    this.#kind = kind
    this.#checks = checks
    this.#carriers = carriers
    this.#challenge = toChallenge('Bearer', { realm: carriers.realm })
  }

  challenge(): string {
    return this.#challenge
  }

  missing(c: Context): string {
    return missingToken(c, this.#kind, this.#carriers)
  }

  authenticate(c: Context): Identity<User> | undefined | Promise<Identity<User> | undefined> {
    const token = findToken(c, this.#kind, this.#carriers)
    if (!token) return undefined
    try {
      const claims = this.#checks.check(token.text, this.#kind)
      if (!(claims instanceof Promise)) return this.#identify(c, token, claims)
      return claims.then(
        (checked) => this.#identify(c, token, checked),
        (error: unknown) => this.#refuse(error),
      )
    } catch (error) {
      return this.#refuse(error)
    }
  }

  #identify(
    c: Context,
    { location }: CarriedToken,
    claims: Claims,
  ): Identity<User> | Promise<Identity<User>> {
    if (location === 'cookie') checkCSRF(c, claims, [this.#challenge])
    const { loadUser } = this.#checks
    const principal = this.#checks.principalOf(claims)
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `User` is `Principal` where nothing loads another
    if (!loadUser) return this.#toIdentity(claims, principal, principal as User)
    const user = loadUser(claims, c)
    if (!(user instanceof Promise)) return this.#known(claims, principal, user)
    return user.then((loaded) => this.#known(claims, principal, loaded))
  }

  #known(claims: Claims, principal: Principal, user: User | undefined): Identity<User> {
    if (user !== undefined) return this.#toIdentity(claims, principal, user)
    const message = 'The user of this token is not known.'
    throw new SignInError(401, 'user_unknown', message, { challenges: [this.#challenge] })
  }

  #toIdentity(claims: Claims, principal: Principal, user: User): Identity<User> {
    const isFreshNow = claims.fresh !== undefined && isFresh(claims, this.#checks.now())
    return { principal, user, by: this.name, isFresh: isFreshNow, claims }
  }

  #refuse(error: unknown): never {
    throw toSignInError(error, this.#carriers.realm, this.#kind === 'refresh')
  }
}

/** What is thrown for a token that somebody revoked. */
export function revoked(claims: Claims): TokenError {
  return new TokenError('token_revoked', 'Token has been revoked', { claims })
}
