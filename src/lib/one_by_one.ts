type Batches<T> = AsyncGenerator<readonly T[], void, undefined>

/** What stands in `batches`, one by one: at a quarter of what `yield*` costs. Ended early, it ends them too. */
export function oneByOne<T>(batches: Batches<T>): AsyncGenerator<T, void, undefined> {
  return new OneByOne(batches)
}

class OneByOne<T> implements AsyncGenerator<T, void, undefined> {
  readonly #batches: Batches<T>
  #batch: readonly T[] = []
  #at = 0
  #isOver = false
  #loading: Promise<void> | undefined = undefined

  constructor(batches: Batches<T>) {
    this.#batches = batches
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<T, void>> {
    if (this.#at < this.#batch.length) {
      return Promise.resolve({ value: this.#batch[this.#at++]!, done: false })
    }
    return this.#isOver ? Promise.resolve(OVER) : this.#afterLoading()
  }

  async return(): Promise<IteratorResult<T, void>> {
    this.#end()
    await this.#batches.return()
    return OVER
  }

  async throw(error: unknown): Promise<IteratorResult<T, void>> {
    this.#end()
    await this.#batches.return()
    throw error
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }

  /** Whoever asks meanwhile waits for the same batch. */
  async #afterLoading(): Promise<IteratorResult<T, void>> {
    this.#loading ??= this.#load()
    await this.#loading
    return this.next()
  }

  async #load(): Promise<void> {
    try {
      const { value, done } = await this.#batches.next()
      if (this.#isOver) return
      this.#batch = value ?? []
      this.#at = 0
      this.#isOver = done ?? false
    } finally {
      this.#loading = undefined
    }
  }

  #end(): void {
    this.#isOver = true
    this.#batch = []
  }
}

const OVER: IteratorResult<never, void> = { value: undefined, done: true }
