import type { Clock } from '../../../lib/clock.ts'
import { type Duration, toMs } from '../../../lib/duration.ts'
import { RecentMap } from '../../../lib/recent_map.ts'
import { generateAPIKey, isAPIKey, parseAPIKey } from '../../../token/api_key.ts'
import { type APIKey, type KeyStore, type StoredAPIKey, toAPIKey } from './key_store.ts'

/** A key to be issued. */
export interface NewKey {
  /** What it is for, in words. */
  readonly name: string
  /** Whose it is: a user's id, as text. Without one the key is its own principal. */
  readonly subject?: string | undefined
  /** All that it may, such as `['orders:read']`. Without them it may whatever its owner may. */
  readonly scopes?: readonly string[] | undefined
  /** How long it counts. Default: until it is revoked. */
  readonly lifetime?: Duration | undefined
}

/** A key just issued. `key` is shown once: nobody can read it again. */
export interface IssuedKey extends APIKey {
  readonly key: string
}

/** Why a key that has the right form is not accepted. */
export type KeyFault = 'unknown' | 'revoked' | 'expired'

const USE_INTERVAL_MS = 60_000
const MAX_KEYS_NOTED = 10_000
/** RFC 6749, section 3.3. */
const SCOPE = /^[!#-[\]-~]+$/

/** Keys that the app has issued. */
export class IssuedKeys {
  readonly #store: KeyStore
  readonly #prefix: string
  readonly #now: Clock
  /** When this process has last noted a use. */
  readonly #noted = new RecentMap<string, number>(MAX_KEYS_NOTED)

  constructor(store: KeyStore, prefix: string, clock: Clock) {
    this.#store = store
    this.#prefix = prefix
    this.#now = clock
  }

  async issue({ name, subject, scopes, lifetime }: NewKey): Promise<IssuedKey> {
    const text = name.trim()
    if (text === '' || text.length > 100) {
      throw new TypeError('A key needs a name, of 100 characters at most.')
    }
    checkScopes(scopes)
    const now = this.#now()
    const { key, id, hash } = generateAPIKey(this.#prefix)
    const stored: StoredAPIKey = {
      id,
      hash,
      name: text,
      subject,
      scopes,
      createdAt: new Date(now),
      expiresAt: lifetime && new Date(now + toMs(lifetime)),
      usedAt: undefined,
      revokedAt: undefined,
    }
    await this.#store.add(stored)
    return { ...toAPIKey(stored), key }
  }

  list(subject?: string): Promise<readonly APIKey[]> {
    return this.#store.list(subject)
  }

  async revoke(id: string, subject?: string): Promise<boolean> {
    const key = await this.#store.find(id)
    if (!key || (subject !== undefined && key.subject !== subject)) return false
    return this.#store.revoke(id, new Date(this.#now()))
  }

  /** Find the key that was given. */
  async find(text: string): Promise<APIKey | KeyFault> {
    const parsed = parseAPIKey(text)
    if (parsed?.prefix !== this.#prefix) return 'unknown'
    const stored = await this.#store.find(parsed.id)
    if (!stored || !isAPIKey(text, stored.hash)) return 'unknown'
    if (stored.revokedAt) return 'revoked'
    if (stored.expiresAt && stored.expiresAt.getTime() <= this.#now()) return 'expired'
    return toAPIKey(stored)
  }

  /** Note a use, at most once a minute for each key. */
  async noteUse({ id, usedAt }: APIKey): Promise<void> {
    const now = this.#now()
    const last = Math.max(usedAt?.getTime() ?? 0, this.#noted.get(id) ?? 0)
    if (now - last < USE_INTERVAL_MS) return
    this.#noted.set(id, now)
    await this.#store.use(id, new Date(now))
  }
}

function checkScopes(scopes: readonly string[] | undefined): void {
  const wrong = scopes?.find((scope) => !SCOPE.test(scope))
  if (wrong !== undefined) {
    throw new TypeError(
      `Not a scope: "${wrong}". Use visible ASCII characters, such as "orders:read".`,
    )
  }
  if (scopes?.length === 0) throw new TypeError('A key without any scope could do nothing.')
  if ((scopes?.join(' ') ?? '').length > 1000) throw new TypeError('These are too many scopes.')
}
