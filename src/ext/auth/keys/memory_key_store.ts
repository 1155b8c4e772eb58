import { type KeyStore, MAX_LISTED, type StoredAPIKey, toAPIKey } from './key_store.ts'

class MemoryKeyStore implements KeyStore {
  readonly #keys = new Map<string, StoredAPIKey>()

  async add(key: StoredAPIKey): Promise<void> {
    this.#keys.set(key.id, key)
  }

  async find(id: string): Promise<StoredAPIKey | undefined> {
    return this.#keys.get(id)
  }

  async list(subject?: string) {
    return [...this.#keys.values()]
      .filter((key) => subject === undefined || key.subject === subject)
      .toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime())
      .slice(0, MAX_LISTED)
      .map(toAPIKey)
  }

  async revoke(id: string, at: Date): Promise<boolean> {
    const key = this.#keys.get(id)
    if (!key || key.revokedAt) return false
    this.#keys.set(id, { ...key, revokedAt: at })
    return true
  }

  async use(id: string, at: Date): Promise<void> {
    const key = this.#keys.get(id)
    if (key) this.#keys.set(id, { ...key, usedAt: at })
  }
}

/** For tests, and for one process that may forget. One for each app. */
export function memoryKeyStore(): KeyStore {
  return new MemoryKeyStore()
}
