import type { Context } from '../../../app/context.ts'
import type { Extension, Setup } from '../../../app/extension.ts'
import { currentScope, type Principal } from '../../../app/scope.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Authenticator, Identity } from '../authenticator.ts'
import { SignInError, toChallenge } from '../sign_in_error.ts'
import { IssuedKeys, type IssuedKey, type KeyFault, type NewKey } from './issued_keys.ts'
import { auditKeys } from './audit_keys.ts'
import { keyCommands } from './key_commands.ts'
import type { APIKey, KeyStore } from './key_store.ts'
import { type StaticKeyOptions, StaticKeys } from './static_keys.ts'

/** What a request with a key may do, and in whose name. */
export interface KeyGrant {
  readonly principal: Principal
  /** All that it may; undefined where it may whatever its owner may. */
  readonly scopes: readonly string[] | undefined
  /** Undefined for a key of the configuration. */
  readonly key: APIKey | undefined
}

/** What is the same in every app that installs these keys. */
export interface APIKeyParts<User> {
  /** The header that carries the key. Default: `'X-API-Key'`. */
  readonly header?: string
  /** A name in the query that may carry it too. Addresses end up in logs; default: none. */
  readonly query?: string
  /** Find the user of a key, for the context; undefined where there is none any more. Default: the principal. */
  readonly loadUser?: (grant: KeyGrant, c: Context) => User | undefined | Promise<User | undefined>
  /** Other words. */
  readonly texts?: Partial<KeyTexts>
}

/** What is said to whoever is not let in. */
export interface KeyTexts {
  readonly missing: string
  readonly unknown: string
  readonly revoked: string
  readonly expired: string
}

/** What an app decides when it installs keys: where issued ones are kept, or which there are, or both. */
export interface APIKeyOptions {
  readonly store?: KeyStore | undefined
  /** Keys from the configuration, by names: `{ reporting: config.apiKey }`. One that is unset or empty lets nobody in. */
  readonly static?: StaticKeyOptions | undefined
  /** What issued keys begin with, 1 to 16 lower-case letters and digits. Default: from the app's name. */
  readonly prefix?: string | undefined
  readonly clock?: Clock | undefined
}

const DEFAULT_TEXTS: KeyTexts = {
  missing: 'Missing API key',
  unknown: 'Invalid API key',
  revoked: 'This API key has been revoked',
  expired: 'This API key has expired',
}

interface KeysState {
  readonly static: StaticKeys
  readonly issued: IssuedKeys | undefined
  readonly realm: string
}

/** API keys: an extension that issues them, and a way to sign in with them. */
export class APIKeys<User> implements Extension<KeysState, APIKeyOptions>, Authenticator<User> {
  readonly name = 'api_key'
  readonly #parts: APIKeyParts<User>
  readonly #header: string
  readonly #texts: KeyTexts

  constructor(parts: APIKeyParts<User>) {
    this.#parts = parts
    this.#header = (parts.header ?? 'X-API-Key').toLowerCase()
    this.#texts = { ...DEFAULT_TEXTS, ...parts.texts }
  }

  setup(app: Setup, { store, static: keys, prefix, clock = Date.now }: APIKeyOptions): KeysState {
    if (!store && !keys) {
      throw new TypeError('Install apiKeys() with a `store`, with `static` keys, or with both.')
    }
    if (store) app.command(keyCommands(this))
    app.audit(() => auditKeys(this.#parts.query, keys))
    return {
      static: new StaticKeys(keys),
      issued: store && new IssuedKeys(store, prefix ?? toPrefix(app.name), clock),
      realm: app.name,
    }
  }

  /** Make a key. It is shown this once, and only its hash is kept. */
  async issue(key: NewKey): Promise<IssuedKey> {
    return this.#issued.issue(key)
  }

  /** The keys of a subject, or all, last issued first. */
  async list(subject?: string): Promise<readonly APIKey[]> {
    return this.#issued.list(subject)
  }

  /**
   * Let a key count no more, from the next request on.
   *
   * @param subject whose it must be, where users revoke their own
   * @returns whether it counted until now
   */
  async revoke(id: string, subject?: string): Promise<boolean> {
    return this.#issued.revoke(id, subject)
  }

  challenge(c: Context): string {
    return toChallenge('ApiKey', { realm: c.state(this).realm })
  }

  missing(): string {
    return this.#texts.missing
  }

  authenticate(c: Context): undefined | Promise<Identity<User>> {
    const text = this.#find(c)
    return text === undefined ? undefined : this.#identify(c, text)
  }

  async #identify(c: Context, text: string): Promise<Identity<User>> {
    const grant = await this.#grant(c, text)
    const { loadUser } = this.#parts
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `User` is `Principal` where nothing loads another
    const user = loadUser ? await loadUser(grant, c) : (grant.principal as User)
    if (user === undefined) throw this.#refusal(c, 'unknown')
    const { principal, scopes } = grant
    return { principal, user, by: this.name, isFresh: false, ...(scopes && { scopes }) }
  }

  async #grant(c: Context, text: string): Promise<KeyGrant> {
    const { static: fixed, issued } = c.state(this)
    const known = fixed.find(text)
    if (known) return { principal: { id: known.name }, scopes: known.scopes, key: undefined }
    const key = (await issued?.find(text)) ?? 'unknown'
    if (typeof key === 'string') throw this.#refusal(c, key)
    try {
      await issued?.noteUse(key)
    } catch (error) {
      // A database that cannot be written to now does not keep anybody out.
      c.log.warn({ err: error, api_key: key.id }, 'The use of an API key was not noted')
    }
    return { principal: { id: key.subject ?? `key:${key.id}` }, scopes: key.scopes, key }
  }

  /** The header counts where both are there; of several in the query, the first. */
  #find(c: Context): string | undefined {
    const { query } = this.#parts
    const given = c.request.header(this.#header) ?? (query && c.request.query[query])
    const [text] = [given].flat()
    return text === '' ? undefined : text
  }

  #refusal(c: Context, fault: KeyFault): SignInError {
    const challenges = [this.challenge(c)]
    return new SignInError(401, `api_key_${fault}`, this.#texts[fault], { challenges })
  }

  get #issued(): IssuedKeys {
    const { issued } = currentScope().app.state(this)
    if (issued) return issued
    throw new Error('No keys can be issued: apiKeys() was installed without a `store`.')
  }
}

/**
 * API keys for apps to install, and to be asked by `signedIn()`.
 *
 * @example
 * ```ts
 * import { App } from 'dewar'
 * import { apiKeys, authentication, memoryKeyStore } from 'dewar/auth'
 *
 * const keys = apiKeys()
 * const auth = authentication()
 *
 * const app = new App('shop', { logger: false })
 *   .install(keys, { store: memoryKeyStore() })
 *   .install(auth, { tokens: false, also: [keys] })
 * app.get('/orders', { use: [auth.signedIn({ scope: 'orders:read' })] }, () => [])
 * ```
 */
export function apiKeys(parts?: APIKeyParts<Principal>): APIKeys<Principal>
export function apiKeys<User>(
  parts: APIKeyParts<User> & Required<Pick<APIKeyParts<User>, 'loadUser'>>,
): APIKeys<User>
export function apiKeys<User>(parts: APIKeyParts<User> = {}): APIKeys<User> {
  return new APIKeys(parts)
}

/** `'The Shop'` becomes `'theshop'`. */
function toPrefix(name: string): string {
  const letters = name.toLowerCase().replaceAll(/[^a-z\d]/g, '')
  return letters.replace(/^\d+/, '').slice(0, 16) || 'key'
}
