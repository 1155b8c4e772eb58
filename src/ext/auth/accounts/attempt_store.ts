import type { DatabasePort } from '../database_port.ts'
import { AuthAttempt } from '../models.ts'
import { readApart } from '../own_writes.ts'

/** Whose attempts: at one account, from anywhere or from one address. */
export interface AttemptKey {
  /** A hash of the name that was given: people type passwords there. */
  readonly account: string
  readonly address?: string
}

/** Where attempts are counted, whatever becomes of the requests that make them. Shared by all processes of an app. */
export interface AttemptStore {
  add(account: string, address: string, at: Date): Promise<void>
  /** The times of the latest, last first, at most `limit`. */
  recent(key: AttemptKey, since: Date, limit: number): Promise<readonly Date[]>
  /** The account's owner has come in from this address. */
  clear(account: string, address: string): Promise<void>
  removeOlder(than: Date): Promise<void>
}

class DatabaseAttemptStore implements AttemptStore {
  readonly #db: DatabasePort

  constructor(db: DatabasePort) {
    this.#db = db
  }

  async add(account: string, address: string, at: Date): Promise<void> {
    await this.#db.outside(() => this.#db.insert(AuthAttempt, { account, address, at }))
  }

  async recent(key: AttemptKey, since: Date, limit: number): Promise<readonly Date[]> {
    const rows = await readApart(() =>
      this.#db
        .find(AuthAttempt)
        .where({ ...key, at: { gt: since } })
        .orderBy('-at')
        .limit(limit)
        .all(),
    )
    return rows.map(({ at }) => at)
  }

  async clear(account: string, address: string): Promise<void> {
    await this.#db.outside(() => this.#db.deleteMany(AuthAttempt, { account, address }))
  }

  async removeOlder(than: Date): Promise<void> {
    await this.#db.outside(() => this.#db.deleteMany(AuthAttempt, { at: { lte: than } }))
  }
}

class MemoryAttemptStore implements AttemptStore {
  #attempts: { account: string; address: string; at: Date }[] = []

  async add(account: string, address: string, at: Date): Promise<void> {
    this.#attempts.push({ account, address, at })
  }

  async recent({ account, address }: AttemptKey, since: Date, limit: number): Promise<Date[]> {
    return this.#attempts
      .filter((each) => each.account === account && each.at > since)
      .filter((each) => address === undefined || each.address === address)
      .map(({ at }) => at)
      .toReversed()
      .slice(0, limit)
  }

  async clear(account: string, address: string): Promise<void> {
    this.#attempts = this.#attempts.filter(
      (each) => each.account !== account || each.address !== address,
    )
  }

  async removeOlder(than: Date): Promise<void> {
    this.#attempts = this.#attempts.filter(({ at }) => at > than)
  }
}

/** Attempts in the app's database, in a table of `authModels`. */
export function databaseAttemptStore(db: DatabasePort): AttemptStore {
  return new DatabaseAttemptStore(db)
}

/** For tests, and for one process that may forget. One for each app. */
export function memoryAttemptStore(): AttemptStore {
  return new MemoryAttemptStore()
}
