import type { JSONWebKeySet } from 'jose'
import type { Clock } from '../../lib/clock.ts'
import { InvalidKey } from '../invalid_key.ts'
import type { CompactToken } from './compact_token.ts'
import { type TokenKey, toPublicJWK } from './key.ts'
import type { KeySource } from './key_source.ts'
import { badSignature, isSignedBy } from './signature.ts'
import { TokenError } from './token_error.ts'

export interface KeyRingOptions {
  /** Fetches the keys again: by {@link KeyRing.reload}, and when a token names a key that is not known. */
  load?: () => readonly TokenKey[] | Promise<readonly TokenKey[]>
  /** Unknown keys lead to a fetch this often at most. Default 30 seconds. */
  cooldownMs?: number
  clock?: Clock
}

/**
 * The app's own keys. The first that can sign does; all verify.
 *
 * To change keys without refusing anybody: add the new one at the end in every process, then move it to
 * the front, and drop the old one when the last token that it signed has expired.
 */
export class KeyRing implements KeySource {
  readonly #options: KeyRingOptions
  #keys: readonly TokenKey[]
  #version = 0
  #loading: Promise<void> | undefined = undefined
  #loadedAt: number

  /** @throws {InvalidKey} when there is no key, or two have one name */
  constructor(keys: readonly TokenKey[], options: KeyRingOptions = {}) {
    this.#options = options
    this.#keys = checkKeys(keys)
    this.#loadedAt = this.#now()
  }

  get version(): number {
    return this.#version
  }

  /** @throws {InvalidKey} when all keys only verify */
  get signer(): TokenKey {
    const signer = this.#keys.find((key) => key.signing)
    if (signer) return signer
    throw new InvalidKey('No key of the ring can sign: give it a secret or a private key.')
  }

  /**
   * Use other keys from now on. Tokens signed with a key that is gone are refused at once.
   *
   * @throws {InvalidKey} when there is no key, or two have one name; the old ones stay
   */
  replace(keys: readonly TokenKey[]): void {
    this.#keys = checkKeys(keys)
    this.#version++
  }

  /** Fetch the keys with `load`. When that fails the old ones stay. @throws what `load` throws */
  reload(): Promise<void> {
    this.#loading ??= this.#load().finally(() => (this.#loading = undefined))
    return this.#loading
  }

  /** The public keys, for others to verify with: what `/.well-known/jwks.json` shows. Secrets are left out. */
  toJWKS(): JSONWebKeySet {
    const keys = this.#keys.map(toPublicJWK).filter((key) => key !== undefined)
    return { keys: keys.map((key) => ({ ...key, kty: String(key.kty) })) }
  }

  verify(token: CompactToken): void | Promise<void> {
    const keys = this.#keysFor(token)
    if (keys.length === 0) return this.#verifyReloaded(token)
    return verifyWith(keys, token)
  }

  async #verifyReloaded(token: CompactToken): Promise<void> {
    if (
      this.#options.load &&
      this.#now() - this.#loadedAt >= (this.#options.cooldownMs ?? 30_000)
    ) {
      await this.reload().catch((cause: unknown) => {
        throw new TokenError('token_keys_unavailable', 'The keys cannot be fetched.', { cause })
      })
    }
    const keys = this.#keysFor(token)
    if (keys.length > 0) return verifyWith(keys, token)
    throw new TokenError('token_unknown_key', 'The token is signed with a key that is not known.')
  }

  #keysFor({ kid, algorithm }: CompactToken): readonly TokenKey[] {
    const named = kid === undefined ? this.#keys : this.#keys.filter((key) => key.kid === kid)
    const keys = named.filter((key) => key.algorithm === algorithm)
    if (keys.length > 0 || named.length === 0) return keys
    throw new TokenError('token_algorithm_not_allowed', 'The specified alg value is not allowed')
  }

  async #load(): Promise<void> {
    this.#loadedAt = this.#now()
    const keys = await this.#options.load?.()
    if (keys) this.replace(keys)
  }

  #now(): number {
    return (this.#options.clock ?? Date.now)()
  }
}

/** The first key answers at once where it can; the others are for tokens without `kid`. */
function verifyWith(
  [key, ...others]: readonly TokenKey[],
  token: CompactToken,
): void | Promise<void> {
  if (!key) throw badSignature()
  const isSigned = isSignedBy(key, token)
  if (isSigned === true) return undefined
  if (isSigned === false) return verifyWith(others, token)
  return isSigned.then((is) => (is ? undefined : verifyWith(others, token)))
}

function checkKeys(keys: readonly TokenKey[]): readonly TokenKey[] {
  if (keys.length === 0) throw new InvalidKey('A key ring needs a key.')
  if (new Set(keys.map((key) => key.kid)).size < keys.length) {
    throw new InvalidKey('Two keys of the ring have one name ("kid").')
  }
  return [...keys]
}
