import { randomUUID } from 'node:crypto'
import type { RowOf } from '../../sql/model.ts'
import type { DatabasePort } from './database_port.ts'
import { AuthFamily, AuthRevision, AuthRevokedToken } from './models.ts'
import { readApart, writeFirst } from './own_writes.ts'
import type {
  NewFamily,
  Rotation,
  RotationOutcome,
  TokenFamily,
  TokenNames,
  TokenStore,
} from './token_store.ts'

/** The one row of {@link AuthRevision}. */
const REVISION = 1

class DatabaseTokenStore implements TokenStore {
  readonly #db: DatabasePort

  constructor(db: DatabasePort) {
    this.#db = db
  }

  revision(): string | Promise<string> {
    const row = this.#db.getCommitted(AuthRevision, REVISION)
    return row instanceof Promise ? row.then(revisionOf) : revisionOf(row)
  }

  isRevoked({ jti, family }: TokenNames): boolean | Promise<boolean> {
    const gone = family !== undefined && isNone(this.#db.getCommitted(AuthFamily, family))
    if (gone instanceof Promise) return gone.then((is) => is || this.#isListed(jti))
    return gone || this.#isListed(jti)
  }

  async begin({ jti, now, expiresAt, ...family }: NewFamily): Promise<void> {
    const times = { created_at: now, used_at: now, expires_at: expiresAt }
    const row = { ...family, ...times, current_jti: jti }
    await writeFirst(this.#db, () => this.#db.insert(AuthFamily, row))
  }

  rotate(rotation: Rotation): Promise<RotationOutcome> {
    return writeFirst(this.#db, () => this.#rotate(rotation))
  }

  async revoke(jti: string, expiresAt: Date): Promise<void> {
    await this.#db.outside(async () => {
      await this.#db.upsert(AuthRevokedToken, { jti, expires_at: expiresAt })
      await this.#changed()
    })
  }

  async end(subject: string, id: string): Promise<boolean> {
    const row = await this.#db.getCommitted(AuthFamily, id)
    if (row?.subject !== subject) return false
    await this.#db.outside(async () => {
      await this.#db.deleteMany(AuthFamily, { id })
      await this.#changed()
    })
    return true
  }

  async endAll(subject: string, except?: string): Promise<number> {
    const others = except === undefined ? { subject } : { subject, id: { ne: except } }
    const count = await readApart(() => this.#db.find(AuthFamily).where(others).count())
    await this.#db.outside(async () => {
      await this.#db.deleteMany(AuthFamily, others)
      await this.#changed()
    })
    return count
  }

  async list(subject: string, now: Date): Promise<TokenFamily[]> {
    const found = this.#db.find(AuthFamily).where({ subject, expires_at: { gt: now } })
    return (await found.orderBy('-used_at').limit(MAX_LISTED).all()).map(toFamily)
  }

  async removeExpired(now: Date): Promise<void> {
    await this.#db.outside(async () => {
      await this.#db.deleteMany(AuthFamily, { expires_at: { lte: now } })
      await this.#db.deleteMany(AuthRevokedToken, { expires_at: { lte: now } })
    })
  }

  #isListed(jti: string | undefined): boolean | Promise<boolean> {
    if (jti === undefined) return false
    const none = isNone(this.#db.getCommitted(AuthRevokedToken, jti))
    return none instanceof Promise ? none.then((is) => !is) : !none
  }

  async #rotate({ family, from, to, now, expiresAt, graceMs }: Rotation): Promise<RotationOutcome> {
    const next = { current_jti: to, previous_jti: from, used_at: now, expires_at: expiresAt }
    const replaced = await this.#db.updateMany(AuthFamily, { id: family, current_jti: from }, next)
    if (replaced > 0) return { kind: 'rotated', jti: to }
    const row = await this.#db.get(AuthFamily, family)
    if (!row) return { kind: 'ended' }
    const isRecent = now.getTime() - row.used_at.getTime() < graceMs
    if (row.previous_jti === from && isRecent) return { kind: 'repeated', jti: row.current_jti }
    return { kind: 'reused' }
  }

  /** Any other text will do; a count would need a lock. */
  async #changed(): Promise<void> {
    await this.#db.upsert(AuthRevision, { id: REVISION, revision: randomUUID() })
  }
}

/** Somebody with more devices than that sees those used last. */
const MAX_LISTED = 200

function revisionOf(row: RowOf<typeof AuthRevision.columns> | undefined): string {
  return row?.revision ?? ''
}

function isNone(row: object | undefined | Promise<object | undefined>): boolean | Promise<boolean> {
  return row instanceof Promise ? row.then((found) => !found) : !row
}

function toFamily(row: RowOf<typeof AuthFamily.columns>): TokenFamily {
  const { id, subject, device, address } = row
  const times = { createdAt: row.created_at, usedAt: row.used_at, expiresAt: row.expires_at }
  return { id, subject, device, address, ...times }
}

/**
 * Tokens kept in the app's database, for all processes that share it. Its tables are {@link authModels}.
 *
 * What is revoked is written by `db.outside`, so that it survives the 401 that it leads to.
 */
export function databaseTokenStore(db: DatabasePort): TokenStore {
  return new DatabaseTokenStore(db)
}
