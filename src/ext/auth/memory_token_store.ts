import type {
  NewFamily,
  Rotation,
  RotationOutcome,
  TokenFamily,
  TokenNames,
  TokenStore,
} from './token_store.ts'

interface Kept extends TokenFamily {
  readonly current: string
  readonly previous: string | undefined
}

class MemoryTokenStore implements TokenStore {
  readonly #families = new Map<string, Kept>()
  /** When each expires. */
  readonly #revoked = new Map<string, Date>()
  #revision = 0

  revision(): string {
    return String(this.#revision)
  }

  isRevoked({ jti, family }: TokenNames): boolean {
    if (family !== undefined && !this.#families.has(family)) return true
    return jti !== undefined && this.#revoked.has(jti)
  }

  async begin({ jti, now, ...family }: NewFamily): Promise<void> {
    const kept = { ...family, createdAt: now, usedAt: now, current: jti, previous: undefined }
    this.#families.set(family.id, kept)
  }

  async rotate({ from, to, now, expiresAt, ...rest }: Rotation): Promise<RotationOutcome> {
    const family = this.#families.get(rest.family)
    if (!family) return { kind: 'ended' }
    if (family.current === from) {
      const rotated = { current: to, previous: from, usedAt: now, expiresAt }
      this.#families.set(family.id, { ...family, ...rotated })
      return { kind: 'rotated', jti: to }
    }
    const isRecent = now.getTime() - family.usedAt.getTime() < rest.graceMs
    if (family.previous === from && isRecent) return { kind: 'repeated', jti: family.current }
    return { kind: 'reused' }
  }

  async revoke(jti: string, expiresAt: Date): Promise<void> {
    this.#revoked.set(jti, expiresAt)
    this.#revision++
  }

  async end(subject: string, id: string): Promise<boolean> {
    if (this.#families.get(id)?.subject !== subject) return false
    this.#revision++
    return this.#families.delete(id)
  }

  async endAll(subject: string, except?: string): Promise<number> {
    const theirs = [...this.#families.values()].filter((each) => each.subject === subject)
    const ended = theirs.filter((each) => each.id !== except)
    for (const { id } of ended) this.#families.delete(id)
    this.#revision++
    return ended.length
  }

  async list(subject: string, now: Date): Promise<TokenFamily[]> {
    return [...this.#families.values()]
      .filter((each) => each.subject === subject && each.expiresAt > now)
      .toSorted((a, b) => b.usedAt.getTime() - a.usedAt.getTime())
      .map(({ current: _, previous: __, ...family }) => family)
  }

  async removeExpired(now: Date): Promise<void> {
    for (const [id, { expiresAt }] of this.#families) {
      if (expiresAt <= now) this.#families.delete(id)
    }
    for (const [jti, expiresAt] of this.#revoked) if (expiresAt <= now) this.#revoked.delete(jti)
  }
}

/** For tests, and for one process that may forget who is signed in when it ends. One for each app. */
export function memoryTokenStore(): TokenStore {
  return new MemoryTokenStore()
}
