import { availableParallelism } from 'node:os'
import { PasswordError } from './password_error.ts'

interface Waiter {
  readonly start: () => void
}

/** Runs a few jobs at once, the others in the order of asking, and refuses what is too much. */
export class HashQueue {
  readonly #maxInFlight: number
  readonly #maxQueued: number
  readonly #waiters = new Set<Waiter>()
  #inFlight = 0

  constructor(maxInFlight: number, maxQueued: number) {
    this.#maxInFlight = maxInFlight
    this.#maxQueued = maxQueued
  }

  get inFlight(): number {
    return this.#inFlight
  }

  get queued(): number {
    return this.#waiters.size
  }

  /**
   * Run `job` when it is its turn.
   *
   * @param signal leaves the queue when it is aborted; what has begun is finished
   * @throws {PasswordError} when too many wait already
   */
  async run<T>(job: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted()
    if (this.#inFlight < this.#maxInFlight) this.#inFlight++
    else await this.#wait(signal)
    try {
      return await job()
    } finally {
      this.#next()
    }
  }

  #wait(signal: AbortSignal | undefined): Promise<void> {
    if (this.#waiters.size >= this.#maxQueued) {
      const message = 'Too many passwords are being checked. Try again later.'
      throw new PasswordError('password_hashing_busy', message)
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const leave = () => {
      this.#waiters.delete(waiter)
      reject(toError(signal?.reason))
    }
    const waiter: Waiter = {
      start: () => {
        signal?.removeEventListener('abort', leave)
        resolve()
      },
    }
    signal?.addEventListener('abort', leave, { once: true })
    this.#waiters.add(waiter)
    return promise
  }

  /** Hand the place on, so that nobody who comes now is earlier. */
  #next(): void {
    for (const waiter of this.#waiters) {
      this.#waiters.delete(waiter)
      return waiter.start()
    }
    this.#inFlight--
  }
}

/**
 * How many hashes a process should have in flight: one for each core, and one less than the threads that
 * Node has for files, names and signatures too.
 *
 * @param threads Node's `UV_THREADPOOL_SIZE`
 */
export function defaultInFlight(threads = 4, cores: number = availableParallelism()): number {
  return Math.max(1, Math.min(cores, threads - 1))
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('Aborted.', { cause: reason })
}
