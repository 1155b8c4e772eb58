import type { Context } from '../../../app/context.ts'
import { PasswordHasher, type PasswordHasherOptions } from '../../../token/passwords/hasher.ts'
import type { Account, AccountStore } from './account_store.ts'
import { audit } from './audit.ts'
import type { Throttle } from './throttle.ts'

/** Checks passwords of accounts, slowly enough. */
export class Passwords<Row> {
  readonly #hasher: PasswordHasher
  readonly #users: AccountStore<Row>
  readonly #throttle: Throttle

  constructor(users: AccountStore<Row>, throttle: Throttle, options: PasswordHasherOptions = {}) {
    this.#hasher = new PasswordHasher(options)
    this.#users = users
    this.#throttle = throttle
  }

  hash(c: Context, password: string): Promise<string> {
    return this.#hasher.hash(password, c.signal)
  }

  /**
   * The account whose password this is. A name that nobody has, and a wrong password, take the same time.
   *
   * @param name as it was given, for counting
   * @throws {TooManyRequests} after too many wrong ones
   */
  async check(
    c: Context,
    name: string,
    account: Account<Row> | undefined,
    password: string,
  ): Promise<Account<Row> | undefined> {
    const attempt = { account: name, address: c.request.ip, signal: c.signal }
    await this.#throttle.admit(attempt)
    if (!account) {
      await this.#hasher.verifyNobody(password, c.signal)
      return undefined
    }
    const { passwordHash } = account
    const found = await this.#hasher.verify(password, passwordHash, c.signal)
    if (!found.isReadable) audit(c, 'password_hash_unreadable', account.subject)
    if (!found.isMatch) return undefined
    await this.#throttle.succeed(attempt)
    if (!found.needsRehash) return account
    const passwordHashNow = await this.hash(c, password)
    await this.#users.setPasswordHash(account, passwordHashNow)
    return { ...account, passwordHash: passwordHashNow }
  }
}
