import type {
  NewFamily,
  Rotation,
  RotationOutcome,
  TokenFamily,
  TokenNames,
  TokenStore,
} from './token_store.ts'

interface Kept {
  readonly family: TokenFamily
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
    const begun = { ...family, createdAt: now, usedAt: now }
    this.#families.set(family.id, { family: begun, current: jti, previous: undefined })
  }

  async rotate({ from, to, now, expiresAt, ...rest }: Rotation): Promise<RotationOutcome> {
    const kept = this.#families.get(rest.family)
    if (!kept) return { kind: 'ended' }
    const { family, current, previous } = kept
    if (current === from) {
      const used = { ...family, usedAt: now, expiresAt }
      this.#families.set(family.id, { family: used, current: to, previous: from })
      return { kind: 'rotated', jti: to }
    }
    const isRecent = now.getTime() - family.usedAt.getTime() < rest.graceMs
    if (previous === from && isRecent) return { kind: 'repeated', jti: current }
    return { kind: 'reused' }
  }

  async revoke(jti: string, expiresAt: Date): Promise<void> {
    this.#revoked.set(jti, expiresAt)
    this.#revision++
  }

  async end(subject: string, id: string): Promise<boolean> {
    if (this.#families.get(id)?.family.subject !== subject) return false
    this.#revision++
    return this.#families.delete(id)
  }

  async endAll(subject: string, except?: string): Promise<number> {
    const ended = this.#of(subject).filter(({ id }) => id !== except)
    for (const { id } of ended) this.#families.delete(id)
    this.#revision++
    return ended.length
  }

  async list(subject: string, now: Date): Promise<TokenFamily[]> {
    return this.#of(subject)
      .filter(({ expiresAt }) => expiresAt > now)
      .toSorted((a, b) => b.usedAt.getTime() - a.usedAt.getTime())
  }

  async removeExpired(now: Date): Promise<void> {
    for (const [id, { family }] of this.#families) {
      if (family.expiresAt <= now) this.#families.delete(id)
    }
    for (const [jti, expiresAt] of this.#revoked) if (expiresAt <= now) this.#revoked.delete(jti)
  }

  #of(subject: string): TokenFamily[] {
    const families = [...this.#families.values()].map(({ family }) => family)
    return families.filter((family) => family.subject === subject)
  }
}

/** For tests, and for one process that may forget who is signed in when it ends. One for each app. */
export function memoryTokenStore(): TokenStore {
  return new MemoryTokenStore()
}
