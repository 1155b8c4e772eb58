import type { Claims } from '../../token/jwt/claims.ts'
import type { TokenNames, TokenStore } from './token_store.ts'

interface Checked {
  readonly revision: string
  readonly isRevoked: boolean
}

/**
 * Says of every token, known or not, whether it is revoked.
 *
 * The store's revision is read once in each turn of the event loop: what comes in a turn was sent before it
 * began, so a token that was revoked before it was sent is never let in. A token is looked for again only when
 * the revision is another.
 */
export class Revocations {
  readonly #store: TokenStore
  readonly #namesOf: (claims: Claims) => TokenNames
  /** By the claims, which are one object as long as the verifier remembers the token. */
  readonly #checked = new WeakMap<Claims, Checked>()
  #revision: string | Promise<string> | undefined = undefined

  constructor(store: TokenStore, namesOf: (claims: Claims) => TokenNames) {
    this.#store = store
    this.#namesOf = namesOf
  }

  isRevoked(claims: Claims): boolean | Promise<boolean> {
    const revision = this.#currentRevision()
    if (typeof revision === 'string') return this.#check(claims, revision)
    return revision.then((now) => this.#check(claims, now))
  }

  /** Ask the store again: something was revoked here. */
  forget(): void {
    this.#revision = undefined
  }

  #currentRevision(): string | Promise<string> {
    if (this.#revision !== undefined) return this.#revision
    const read = this.#store.revision()
    this.#revision = read
    // Never unref'd: the loop would wait for the next request with this still to do, and that one find it old.
    setImmediate(() => (this.#revision = undefined))
    if (typeof read === 'string') return read
    return read.then((revision) => {
      if (this.#revision === read) this.#revision = revision
      return revision
    })
  }

  #check(claims: Claims, revision: string): boolean | Promise<boolean> {
    const known = this.#checked.get(claims)
    if (known?.revision === revision) return known.isRevoked
    const found = this.#store.isRevoked(this.#namesOf(claims))
    if (typeof found === 'boolean') return this.#remember(claims, revision, found)
    return found.then((isRevoked) => this.#remember(claims, revision, isRevoked))
  }

  #remember(claims: Claims, revision: string, isRevoked: boolean): boolean {
    this.#checked.set(claims, { revision, isRevoked })
    return isRevoked
  }
}

/** The family that a token is of; tokens of others, or made by hand, have none. */
export function familyOf({ sid }: Claims): string | undefined {
  return typeof sid === 'string' ? sid : undefined
}
