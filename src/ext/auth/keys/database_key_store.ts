import type { InsertOf, RowOf } from '../../../sql/model.ts'
import type { DatabasePort } from '../database_port.ts'
import { readApart } from '../own_writes.ts'
import { type APIKey, type KeyStore, MAX_LISTED, type StoredAPIKey, toAPIKey } from './key_store.ts'
import { AuthAPIKey } from './models.ts'

class DatabaseKeyStore implements KeyStore {
  readonly #db: DatabasePort

  constructor(db: DatabasePort) {
    this.#db = db
  }

  async add(key: StoredAPIKey): Promise<void> {
    await this.#db.insert(AuthAPIKey, toRow(key))
  }

  async find(id: string): Promise<StoredAPIKey | undefined> {
    const row = await readApart(() => this.#db.get(AuthAPIKey, id))
    return row && toStored(row)
  }

  async list(subject?: string): Promise<APIKey[]> {
    const all = this.#db.find(AuthAPIKey)
    const found = subject === undefined ? all : all.where({ subject })
    const rows = await found.orderBy('-created_at').limit(MAX_LISTED).all()
    return rows.map((row) => toAPIKey(toStored(row)))
  }

  async revoke(id: string, at: Date): Promise<boolean> {
    const row = await readApart(() => this.#db.get(AuthAPIKey, id))
    if (!row || row.revoked_at) return false
    const counting = { id, revoked_at: { isNull: true } }
    await this.#db.outside(() => this.#db.updateMany(AuthAPIKey, counting, { revoked_at: at }))
    return true
  }

  async use(id: string, at: Date): Promise<void> {
    await this.#db.outside(() => this.#db.updateMany(AuthAPIKey, { id }, { used_at: at }))
  }
}

function toRow(key: StoredAPIKey): InsertOf<typeof AuthAPIKey.columns> {
  return {
    id: key.id,
    hash: key.hash,
    name: key.name,
    subject: key.subject ?? null,
    scopes: key.scopes?.join(' ') ?? null,
    created_at: key.createdAt,
    expires_at: key.expiresAt ?? null,
    used_at: key.usedAt ?? null,
    revoked_at: key.revokedAt ?? null,
  }
}

function toStored(row: RowOf<typeof AuthAPIKey.columns>): StoredAPIKey {
  return {
    id: row.id,
    hash: row.hash,
    name: row.name,
    subject: row.subject ?? undefined,
    scopes: row.scopes?.split(' ').filter(Boolean),
    createdAt: row.created_at,
    expiresAt: row.expires_at ?? undefined,
    usedAt: row.used_at ?? undefined,
    revokedAt: row.revoked_at ?? undefined,
  }
}

/** API keys in the app's database, in the table of `apiKeyModels`. */
export function databaseKeyStore(db: DatabasePort): KeyStore {
  return new DatabaseKeyStore(db)
}
