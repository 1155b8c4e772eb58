import { timingSafeEqual } from 'node:crypto'
import { decoyArgon2, hashArgon2, isBearable, readArgon2 } from './argon2.ts'
import { defaultInFlight, HashQueue } from './hash_queue.ts'
import { PasswordError } from './password_error.ts'
import { isPossible, MAX_PASSWORD_BYTES, normalize } from './password_text.ts'
import type { Argon2Cost, StoredHash } from './stored_hash.ts'
import { readWerkzeug } from './werkzeug.ts'

export interface PasswordHasherOptions extends Partial<Argon2Cost> {
  /** Hashes at once. Default: one for each core, but a thread of Node's pool stays free. */
  maxInFlight?: number
  /** How many may wait; more are refused. Default 256. */
  maxQueued?: number
}

/** What became of a password and a stored hash. */
export interface PasswordCheck {
  readonly isMatch: boolean
  /** The password is right and its hash should be made anew: other parameters, or Werkzeug's. */
  readonly needsRehash: boolean
  /** False when the stored hash is none that is known, or asks for too much. It matches nothing; log it. */
  readonly isReadable: boolean
}

const NO_MATCH: PasswordCheck = { isMatch: false, needsRehash: false, isReadable: true }

/** OWASP's first choice for argon2id: 19 MiB, 2 passes. */
const DEFAULT_COST: Argon2Cost = { memoryKiB: 19_456, passes: 2, parallelism: 1 }

/** Hashes passwords with argon2id on other threads, a few at once, and checks them. */
export class PasswordHasher {
  readonly #cost: Argon2Cost
  readonly #queue: HashQueue
  readonly #decoy: StoredHash

  /** @throws {RangeError} when the cost is out of bounds */
  constructor(options: PasswordHasherOptions = {}) {
    const { maxInFlight = defaultInFlight(poolThreads()), maxQueued = 256, ...cost } = options
    this.#cost = { ...DEFAULT_COST, ...cost }
    const decoy = isBearable(this.#cost) && readArgon2(decoyArgon2(this.#cost))
    if (!decoy) throw new RangeError('Such a cost for argon2id is out of bounds.')
    this.#decoy = decoy
    this.#queue = new HashQueue(maxInFlight, maxQueued)
  }

  /** Hashes that run now, and those that wait: for metrics. */
  get load(): { inFlight: number; queued: number } {
    const { inFlight, queued } = this.#queue
    return { inFlight, queued }
  }

  /**
   * Hash a new password.
   *
   * @param signal leaves the queue when it is aborted
   * @returns a PHC string to store, about 100 characters
   * @throws {PasswordError} when it is too long or malformed, or too many wait
   */
  async hash(password: string, signal?: AbortSignal): Promise<string> {
    if (!password.isWellFormed()) {
      throw new PasswordError('password_malformed', 'The password has half characters.')
    }
    if (!isPossible(password)) {
      const message = `The password is longer than ${MAX_PASSWORD_BYTES} bytes.`
      throw new PasswordError('password_too_long', message)
    }
    return this.#queue.run(() => hashArgon2(Buffer.from(normalize(password)), this.#cost), signal)
  }

  /**
   * Check a password against a stored hash, ours or Werkzeug's.
   *
   * @throws {PasswordError} when too many wait
   */
  async verify(password: string, hash: string, signal?: AbortSignal): Promise<PasswordCheck> {
    const stored = readArgon2(hash) ?? readWerkzeug(hash)
    if (stored) return this.#check(password, stored, signal)
    return { ...(await this.verifyNobody(password, signal)), isReadable: false }
  }

  /**
   * Take as long as {@link verify} does, and match nothing: for names that nobody has.
   *
   * @throws {PasswordError} when too many wait
   */
  verifyNobody(password: string, signal?: AbortSignal): Promise<PasswordCheck> {
    return this.#check(password, this.#decoy, signal)
  }

  async #check(
    password: string,
    stored: StoredHash,
    signal: AbortSignal | undefined,
  ): Promise<PasswordCheck> {
    // The same for every user, so it tells nothing to be quick.
    if (!isPossible(password)) return NO_MATCH
    const bytes = Buffer.from(stored.isNormalized ? normalize(password) : password)
    const digest = await this.#queue.run(() => stored.derive(bytes), signal)
    if (!timingSafeEqual(digest, stored.digest)) return NO_MATCH
    return { isMatch: true, needsRehash: !this.#isCurrent(stored), isReadable: true }
  }

  #isCurrent({ cost, digest }: StoredHash): boolean {
    const { memoryKiB, passes, parallelism } = this.#cost
    return (
      cost?.memoryKiB === memoryKiB &&
      cost.passes === passes &&
      cost.parallelism === parallelism &&
      digest.length === this.#decoy.digest.length
    )
  }
}

function poolThreads(): number | undefined {
  const threads = Number(process.env['UV_THREADPOOL_SIZE'])
  return Number.isInteger(threads) && threads > 0 ? threads : undefined
}
