import { hash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { TooManyRequests } from '../../../http/errors.ts'
import type { Clock } from '../../../lib/clock.ts'
import { type Duration, toMs } from '../../../lib/duration.ts'
import { addressGroup } from './address_group.ts'
import type { AttemptKey, AttemptStore } from './attempt_store.ts'

export interface ThrottleOptions {
  /** Wrong passwords for one account from one address; after that it must wait. Default: 10. */
  readonly maxFailures?: number
  /** How long a wrong password counts. Default: `'15m'`. */
  readonly window?: Duration
  /** The longest that others are kept waiting, where an account is attacked from many addresses. Default: `'4s'`. */
  readonly maxDelay?: Duration
}

/** Somebody who tries to come in. */
export interface Attempt {
  /** The name as it was given. */
  readonly account: string
  readonly address: string
  readonly signal: AbortSignal
}

const FIRST_DELAY_MS = 250
/** Each waits with its connection open; beyond this many, hashing is what slows attackers down. */
const MAX_WAITING = 200
const SWEEP_MS = 600_000

/**
 * Slows down who guesses passwords.
 *
 * One address that fails too often at one account is refused for a while; its owner, elsewhere, is not. Attempts at
 * one account from many addresses make everybody wait for it, a few seconds at most: nobody can lock others out.
 */
export class Throttle {
  readonly #store: AttemptStore
  readonly #now: Clock
  readonly #maxFailures: number
  readonly #windowMs: number
  readonly #maxDelayMs: number
  #waiting = 0
  #sweptAt = 0

  constructor(store: AttemptStore, options: ThrottleOptions = {}, clock: Clock = Date.now) {
    this.#store = store
    this.#now = clock
    this.#maxFailures = options.maxFailures ?? 10
    this.#windowMs = toMs(options.window ?? '15m')
    this.#maxDelayMs = toMs(options.maxDelay ?? '4s')
  }

  /**
   * Let an attempt pass, now or after a while. It counts as wrong until {@link succeed} says otherwise, so that
   * many at once are counted before the first has been answered.
   *
   * @throws {TooManyRequests} when this address has failed too often at this account
   */
  async admit({ account, address, signal }: Attempt): Promise<void> {
    const key = { account: accountKey(account), address: addressGroup(address) }
    await this.#refuseWhenOver(key, this.#maxFailures)
    await this.#store.add(key.account, key.address, new Date(this.#now()))
    await this.#refuseWhenOver(key, this.#maxFailures + 1)
    await this.#slowDown(key.account, signal)
    await this.#sweep()
  }

  /** As {@link admit}, for codes that are asked of those who know a password: few in all, wherever they come from. */
  async admitCode(attempt: Attempt): Promise<void> {
    await this.#refuseWhenOver({ account: accountKey(attempt.account) }, this.#maxFailures * 3)
    await this.admit(attempt)
  }

  async succeed({ account, address }: Attempt): Promise<void> {
    await this.#store.clear(accountKey(account), addressGroup(address))
  }

  /** Whether a mail may be sent on somebody's request: a few to one address of mail. Counts it. */
  async allowsMail({ account, address }: Attempt): Promise<boolean> {
    const key = accountKey(`mail:${account}`)
    const sent = await this.#store.recent({ account: key }, this.#since(), MAX_MAILS)
    if (sent.length >= MAX_MAILS) return false
    await this.#store.add(key, addressGroup(address), new Date(this.#now()))
    return true
  }

  async #refuseWhenOver(key: AttemptKey, limit: number): Promise<void> {
    const times = await this.#store.recent(key, this.#since(), limit)
    const oldest = times[limit - 1]
    if (!oldest) return
    const waitMs = oldest.getTime() + this.#windowMs - this.#now()
    const message = 'Too many wrong passwords. Try again later.'
    const code = 'too_many_attempts'
    throw new TooManyRequests(Math.max(1, Math.ceil(waitMs / 1000)), message, { code })
  }

  async #slowDown(account: string, signal: AbortSignal): Promise<void> {
    const most = this.#maxFailures + 8
    const { length } = await this.#store.recent({ account }, this.#since(), most)
    const over = length - this.#maxFailures
    if (over <= 0 || this.#waiting >= MAX_WAITING) return
    this.#waiting++
    try {
      const delayMs = Math.min(this.#maxDelayMs, FIRST_DELAY_MS * 2 ** (over - 1))
      await sleep(delayMs, undefined, { signal })
    } finally {
      this.#waiting--
    }
  }

  #since(): Date {
    return new Date(this.#now() - this.#windowMs)
  }

  async #sweep(): Promise<void> {
    const now = this.#now()
    if (now - this.#sweptAt < SWEEP_MS) return
    this.#sweptAt = now
    await this.#store.removeOlder(this.#since())
  }
}

const MAX_MAILS = 5

function accountKey(account: string): string {
  return hash('sha256', account.normalize('NFKC').toLowerCase(), 'base64url')
}
