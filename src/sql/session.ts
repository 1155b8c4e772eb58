import type {
  Awaitable,
  BeginOptions,
  Driver,
  Executor,
  Fetched,
  Query,
  SQLValue,
  Transaction,
} from './driver.ts'
import { DatabaseError } from './errors.ts'

/** What a session asks of whoever it works for. */
export interface SessionOwner {
  /** Called before the first transaction begins. @throws when nothing may be written any more */
  enlist(session: Session): void
  /** Why nothing may be written here; undefined where it may. */
  readonly refusal?: string | undefined
  /** Who this is, for whoever waits for the lock. */
  label(): string
  /** Called when a transaction was open for long. */
  onLongTransaction?(openMs: number): void
}

const LONG_TRANSACTION_MS = 100

/**
 * One unit of work: statements read what is committed until the first write, which opens a transaction;
 * from there on all go through it, until the owner ends it.
 */
export class Session implements Executor, BeginOptions {
  readonly #driver: Driver
  readonly #owner: SessionOwner
  readonly #afterEnd: (() => Promise<void>)[] = []
  #transaction: Transaction | undefined = undefined
  #opening: Promise<Transaction> | undefined = undefined
  #openedAt = 0
  #isEnlisted = false
  #isOver = false
  #hasFailed = false

  constructor(driver: Driver, owner: SessionOwner) {
    this.#driver = driver
    this.#owner = owner
  }

  /** Who writes, for whoever waits for the lock. */
  label(): string {
    return this.#owner.label()
  }

  /** Whether the lock is not wanted any more. */
  isAbandoned(): boolean {
    return this.#isOver
  }

  /** Whether a transaction is open, or waited for. */
  get isOpen(): boolean {
    return this.#transaction !== undefined || this.#opening !== undefined
  }

  /** Every statement of a unit of work passes here. @throws {DatabaseError} */
  execute<Q extends Query>(query: Q, values: readonly SQLValue[]): Awaitable<Fetched[Q['fetch']]> {
    if (query.access === 'write') this.#requireWritable()
    if (this.#hasFailed) throw new DatabaseError(FAILED)
    if (this.#transaction) return this.#transaction.execute(query, values)
    if (query.access === 'read' && !this.#opening) return this.#driver.reader.execute(query, values)
    const opened = this.open()
    if (!(opened instanceof Promise)) return opened.execute(query, values)
    return opened.then((transaction) => transaction.execute(query, values))
  }

  /** Open the transaction, as the first write does; for reads that must hold until the end. */
  open(): Awaitable<Transaction> {
    if (this.#transaction) return this.#transaction
    if (this.#opening) return this.#opening
    this.#enlist()
    const begun = this.#driver.begin(this)
    if (!(begun instanceof Promise)) return this.#opened(begun)
    this.#opening = begun.then((transaction) => this.#opened(transaction))
    // Whoever asked for it waits for it; that nobody does is no reason to end the process.
    this.#opening.catch(() => (this.#opening = undefined))
    return this.#opening
  }

  /**
   * Run `work` in the transaction. When it throws, what it did is undone.
   *
   * Where the transaction was open before, all of it is: then nothing of this unit of work can be kept.
   */
  async transaction<T>(work: () => T | Promise<T>): Promise<T> {
    this.#requireWritable()
    const isOurs = !this.isOpen
    await this.open()
    try {
      return await work()
    } catch (error) {
      if (isOurs) {
        await this.#undo()
        await this.#ended()
      } else this.#hasFailed = true
      throw error
    }
  }

  /** Run `work` when the transaction has ended, whichever way. Its errors are its own. */
  afterEnd(work: () => Promise<void>): void {
    this.#afterEnd.push(work)
  }

  /** Keep what was written. @throws {DatabaseError} when it cannot be; then it is undone */
  commit(): Awaitable<void> {
    if (this.#opening) return this.#opening.then(() => this.commit())
    this.#isOver = true
    if (this.#hasFailed) return this.#refuse()
    const committed = this.#commit()
    if (committed instanceof Promise) return committed.finally(() => this.#ended())
    return this.#ended()
  }

  /** Undo what was written, and wait for the lock no longer. */
  async rollback(): Promise<void> {
    this.#isOver = true
    await this.#undo()
    await this.#ended()
  }

  #commit(): Awaitable<void> {
    const transaction = this.#transaction
    this.#transaction = undefined
    try {
      return transaction?.commit()
    } catch (error) {
      return Promise.reject(error)
    }
  }

  async #refuse(): Promise<never> {
    await this.rollback()
    throw new DatabaseError(FAILED)
  }

  async #undo(): Promise<void> {
    const transaction = this.#transaction
    this.#transaction = undefined
    if (!transaction) return
    await transaction.rollback()
    this.#warnWhenLong()
  }

  #opened(transaction: Transaction): Awaitable<Transaction> {
    this.#opening = undefined
    if (this.#isOver) return this.#tooLate(transaction)
    this.#transaction = transaction
    this.#openedAt = performance.now()
    return transaction
  }

  /** The lock came when the unit of work was over already. */
  async #tooLate(transaction: Transaction): Promise<never> {
    await transaction.rollback()
    throw new DatabaseError('The unit of work ended while it waited for the lock.')
  }

  #ended(): Awaitable<void> {
    this.#warnWhenLong()
    if (this.#afterEnd.length > 0) return this.#runAfterEnd()
  }

  async #runAfterEnd(): Promise<void> {
    for (const work of this.#afterEnd.splice(0)) await work()
  }

  #warnWhenLong(): void {
    if (this.#openedAt === 0) return
    const openMs = performance.now() - this.#openedAt
    this.#openedAt = 0
    if (openMs > LONG_TRANSACTION_MS) this.#owner.onLongTransaction?.(openMs)
  }

  #enlist(): void {
    if (this.#isOver || !this.#isEnlisted) this.#owner.enlist(this)
    this.#isEnlisted = true
  }

  #requireWritable(): void {
    if (this.#owner.refusal !== undefined) throw new Error(this.#owner.refusal)
  }
}

const FAILED =
  'A transaction() within this unit of work has failed, and what was written before it cannot be told apart. ' +
  'Let its error through, or call transaction() before the first write.'
