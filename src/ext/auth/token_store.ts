/** The tokens of one sign-in on one device: each refresh token replaces the one before. */
export interface TokenFamily {
  /** A UUID; the claim `sid` of its tokens. */
  readonly id: string
  /** Whose it is: the claim `sub`. */
  readonly subject: string
  /** What the client calls itself, at most 200 characters. */
  readonly device: string
  readonly address: string
  readonly createdAt: Date
  readonly usedAt: Date
  /** When the last of its tokens expires. */
  readonly expiresAt: Date
}

export interface NewFamily extends Omit<TokenFamily, 'createdAt' | 'usedAt'> {
  /** The `jti` of its refresh token. */
  readonly jti: string
  readonly now: Date
}

/** A refresh token that is to be replaced. */
export interface Rotation {
  readonly family: string
  /** The `jti` of the token that came. */
  readonly from: string
  /** The `jti` that the next one shall have. */
  readonly to: string
  readonly now: Date
  readonly expiresAt: Date
  /** How long after its replacement a token may come once more. */
  readonly graceMs: number
}

/**
 * What became of a {@link Rotation}.
 *
 * `rotated`: the next token has the `jti` that was asked for. `repeated`: it was replaced moments ago, by a tab
 * beside this one; the next token has the `jti` of that one. `reused`: it was replaced before, so somebody has
 * a copy. `ended`: there is no such family.
 */
export type RotationOutcome =
  | { readonly kind: 'rotated' | 'repeated'; readonly jti: string }
  | { readonly kind: 'reused' | 'ended' }

/** What names a token: it is revoked when either is. */
export interface TokenNames {
  readonly jti: string | undefined
  readonly family: string | undefined
}

/**
 * Where is kept which tokens count. Shared by all processes of an app.
 *
 * What is revoked stays revoked, whatever becomes of the request that did it. `tests/ext/auth/token_store.suite.ts`
 * says what an implementation must do.
 */
export interface TokenStore {
  /** Changes with everything that is revoked, in any process. Asked once in each turn of the event loop. */
  revision(): string | Promise<string>
  /** Whether a token is revoked, or of a family that is not there. */
  isRevoked(names: TokenNames): boolean | Promise<boolean>
  begin(family: NewFamily): Promise<void>
  rotate(rotation: Rotation): Promise<RotationOutcome>
  /** Revoke one token. Kept until `expiresAt`, when it is refused anyway. */
  revoke(jti: string, expiresAt: Date): Promise<void>
  /** Revoke a family's tokens. @returns whether the subject had it */
  end(subject: string, family: string): Promise<boolean>
  /** Revoke the tokens of all families of a subject, or all but one. @returns how many there were */
  endAll(subject: string, except?: string): Promise<number>
  /** The families of a subject, last used first. */
  list(subject: string, now: Date): Promise<TokenFamily[]>
  /** Forget what has expired. */
  removeExpired(now: Date): Promise<void>
}
