/** What is known of a key that was issued. */
export interface APIKey {
  /** A part of the key, by which people and logs may name it. */
  readonly id: string
  /** What it is for, in words. */
  readonly name: string
  /** Whose it is; undefined where it is nobody's but its own. */
  readonly subject: string | undefined
  /** All that it may; undefined where it may whatever its owner may. */
  readonly scopes: readonly string[] | undefined
  readonly createdAt: Date
  /** Undefined where it counts until it is revoked. */
  readonly expiresAt: Date | undefined
  /** To the minute. */
  readonly usedAt: Date | undefined
  readonly revokedAt: Date | undefined
}

/** A key, and what is kept in its place. */
export interface StoredAPIKey extends APIKey {
  /** Of the whole key. */
  readonly hash: string
}

/** Where is kept which keys were issued. Shared by all processes of an app. */
export interface KeyStore {
  add(key: StoredAPIKey): Promise<void>
  find(id: string): Promise<StoredAPIKey | undefined>
  /** Those of a subject, or all, last issued first; a thousand at most. */
  list(subject?: string): Promise<readonly APIKey[]>
  /** Let a key count no more, whatever becomes of this request. @returns whether it counted until now */
  revoke(id: string, at: Date): Promise<boolean>
  /** Note that it was used, whatever becomes of this request. */
  use(id: string, at: Date): Promise<void>
}

export const MAX_LISTED = 1000

/** Without the hash. */
export function toAPIKey(stored: StoredAPIKey): APIKey {
  const { hash: _, ...key } = stored
  return key
}
