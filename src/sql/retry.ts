import { setTimeout as sleep } from 'node:timers/promises'

const LONGEST_PAUSE_MS = 20

export interface RetryOptions {
  /** Whether the same may work later. */
  readonly isTransient: (error: unknown) => boolean
  /** When to give up, by `performance.now()`. */
  readonly deadline: number
  /** When nobody waits for it any more; then it is not tried again. */
  readonly isAbandoned?: () => boolean
}

/** Try again what has failed, with growing pauses of uneven length, so that those who wait do not meet again and again. */
export async function retry<T>(failed: unknown, work: () => T, options: RetryOptions): Promise<T> {
  const { isTransient, deadline, isAbandoned } = options
  let last = failed
  for (let pauseMs = 1; isTransient(last); pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const leftMs = deadline - performance.now()
    if (leftMs <= 0) break
    await sleep(Math.min(pauseMs * (0.5 + Math.random()), leftMs))
    if (isAbandoned?.()) break
    try {
      return work()
    } catch (error) {
      last = error
    }
  }
  throw last
}
