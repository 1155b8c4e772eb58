import { DatabaseBusy } from './errors.ts'
import type { BeginOptions } from './driver.ts'

interface Waiter {
  readonly options: BeginOptions
  readonly since: number
  readonly timer: NodeJS.Timeout
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

/** The one place that writes, handed on in the order of asking, each waiting until a deadline. */
export class WriteQueue {
  readonly #waitMs: number
  readonly #waiters = new Set<Waiter>()
  #holder: BeginOptions | undefined = undefined

  constructor(waitMs: number) {
    this.#waitMs = waitMs
  }

  /** Who writes now. */
  get holder(): string | undefined {
    return this.#holder?.label()
  }

  /** Nothing to wait for where the place is free. @throws {DatabaseBusy} when the deadline passes */
  acquire(options: BeginOptions): Promise<void> | undefined {
    if (this.#holder) return this.#wait(options)
    this.#holder = options
    return undefined
  }

  release(): void {
    this.#holder = undefined
    for (const waiter of this.#waiters) {
      this.#drop(waiter)
      if (waiter.options.isAbandoned()) {
        waiter.reject(new DatabaseBusy(performance.now() - waiter.since, undefined))
        continue
      }
      this.#holder = waiter.options
      waiter.resolve()
      return
    }
  }

  #wait(options: BeginOptions): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const timer = setTimeout(() => {
      this.#drop(waiter)
      reject(new DatabaseBusy(this.#waitMs, this.holder))
    }, this.#waitMs)
    const waiter: Waiter = { options, since: performance.now(), timer, resolve, reject }
    this.#waiters.add(waiter)
    return promise
  }

  #drop(waiter: Waiter): void {
    clearTimeout(waiter.timer)
    this.#waiters.delete(waiter)
  }
}
