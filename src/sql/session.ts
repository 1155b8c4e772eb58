import { setTimeout as sleep } from 'node:timers/promises'
import type {
  Awaitable,
  BeginOptions,
  Driver,
  Executor,
  Fetched,
  IsolationLevel,
  Query,
  SQLValue,
  Touches,
  Transaction,
} from './driver.ts'
import { DatabaseError, Deadlock, SerializationFailure } from './errors.ts'
import { Frame, type Work } from './frame.ts'
import { type Level, Levels, runIn } from './levels.ts'
import type { Rows } from './touches.ts'

/** What a session asks of whoever it works for. */
export interface SessionOwner {
  /** Called before the first transaction begins. @throws when nothing may be written any more */
  enlist(session: Session): void
  /** Why nothing may be written here; undefined where it may. */
  readonly refusal?: string | undefined
  /** Who this is, for whoever waits for the lock. */
  label(): string
  /** How long one part waits for another. Default: 5000. */
  readonly waitMs?: number
  /** Called when a transaction was open for long. */
  onLongTransaction?(openMs: number): void
  /** Called when what was written is safe, with what {@link Session.wrote} was told. */
  onCommit?(written: Rows | 'everything'): Promise<void>
}

export interface TransactionOptions {
  /** Only for a transaction that is not open yet. Default: that of the database. */
  readonly isolation?: IsolationLevel | undefined
  /** How often it is done again when the database says that the same may work then. Default: 2. */
  readonly retries?: number | undefined
}

const LONG_TRANSACTION_MS = 100
const FIRST_PAUSE_MS = 10

/**
 * One unit of work: statements read what is committed until the first write, which opens a transaction;
 * from there on all go through it, until the owner ends it.
 */
export class Session implements Executor, BeginOptions {
  readonly #driver: Driver
  readonly #owner: SessionOwner
  readonly #afterEnd: Work[] = []
  /** None where nothing hangs on the end. */
  #frame: Frame | undefined = undefined
  /** None where `transaction()` was not called. */
  #levels: Levels | undefined = undefined
  #transaction: Transaction | undefined = undefined
  #opening: Promise<Transaction> | undefined = undefined
  #openedAt = 0
  #isEnlisted = false
  #readsPrimary = false
  #isOver = false
  #hasFailed = false
  /** As the transaction is to be, for the one that begins it. */
  isolation: IsolationLevel | undefined = undefined

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
  execute<Q extends Query>(
    query: Q,
    values: readonly SQLValue[],
    signal?: AbortSignal,
  ): Awaitable<Fetched[Q['fetch']]> {
    if (query.access === 'write') this.#requireWritable()
    if (!this.#levels) return this.#execute(query, values, signal)
    const isApart = query.access === 'read' && this.#levels.isApart
    if (isApart) return this.#reader.execute(query, values, signal)
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- rows are no promises, so Awaited changes nothing
    return this.#levels.turn(() => this.#execute(query, values, signal)) as Awaitable<
      Fetched[Q['fetch']]
    >
  }

  touchesOf(sql: string): Touches | undefined {
    return (this.#transaction ?? this.#reader).touchesOf?.(sql)
  }

  /** Open the transaction, as the first write does; for reads that must hold until the end. */
  open(): Awaitable<Transaction> {
    if (this.#transaction) return this.#transaction
    if (this.#opening) return this.#opening
    this.#enlist()
    this.usePrimary()
    const begun = this.#driver.begin(this)
    if (!(begun instanceof Promise)) return this.#opened(begun)
    this.#opening = begun.then((transaction) => this.#opened(transaction))
    // Whoever asked for it waits for it; that nobody does is no reason to end the process.
    this.#opening.catch(() => (this.#opening = undefined))
    return this.#opening
  }

  /**
   * Run `work` in the transaction. When it throws, what it did is undone, and no more.
   *
   * @throws {DatabaseError} when it is to open the transaction with an isolation level, and one is open
   */
  async transaction<T>(
    work: () => T | Promise<T>,
    { isolation, retries = 2 }: TransactionOptions = {},
  ): Promise<T> {
    this.#requireWritable()
    const levels = (this.#levels ??= new Levels(this.#owner.waitMs ?? WAIT_MS))
    for (let tried = 0; ; tried++) {
      const level = await levels.enter(() => !this.isOpen)
      try {
        return await this.#runLevel(level, work, isolation)
      } catch (error) {
        if (!level.isWhole || tried >= retries || !isWorthRepeating(error)) throw error
      }
      await sleep(FIRST_PAUSE_MS * 2 ** tried * (0.5 + Math.random()))
    }
  }

  /** From here on read nothing that may be behind, as after the first write. */
  usePrimary(): void {
    this.#readsPrimary = true
  }

  /** Run `work` when what is written is safe; not when it is undone. Its errors are its own. */
  afterCommit(work: Work): void {
    this.#hooks().afterCommit.push(work)
  }

  /** Run `work` when what is written is undone, after the end of the transaction. Its errors are its own. */
  afterRollback(work: Work): void {
    this.#hooks().afterRollback.push(work)
  }

  /** Run `work` when the transaction has ended, whichever way. Its errors are its own. */
  afterEnd(work: Work): void {
    this.#afterEnd.push(work)
  }

  /** Note what a statement has written, for {@link SessionOwner.onCommit}. */
  wrote(rows: Rows | 'everything'): void {
    this.#currentFrame.wrote(rows)
  }

  /** Keep what was written. @throws {DatabaseError} when it cannot be; then it is undone */
  commit(): Awaitable<void> {
    if (this.#opening) return this.#opening.then(() => this.commit())
    if (this.#levels?.isOpen) return this.#levels.turn(() => this.commit())
    this.#isOver = true
    if (this.#hasFailed) return this.#refuse()
    const committed = this.#commit()
    if (committed instanceof Promise || this.#frame) return this.#conclude(committed)
    return this.#ended()
  }

  /** Undo what was written, and wait for the lock no longer. */
  async rollback(): Promise<void> {
    this.#isOver = true
    await this.#undo()
    this.#levels?.clear()
    await this.#undone(this.#takeFrame())
  }

  #execute<Q extends Query>(
    query: Q,
    values: readonly SQLValue[],
    signal: AbortSignal | undefined,
  ): Awaitable<Fetched[Q['fetch']]> {
    if (this.#hasFailed) throw new DatabaseError(FAILED)
    if (this.#transaction) return this.#transaction.execute(query, values, signal)
    if (query.access === 'read' && !this.#opening) {
      return this.#reader.execute(query, values, signal)
    }
    const opened = this.open()
    if (!(opened instanceof Promise)) return opened.execute(query, values, signal)
    return opened.then((transaction) => transaction.execute(query, values, signal))
  }

  get #reader(): Executor {
    return this.#readsPrimary ? this.#driver.reader : readerOf(this.#driver)
  }

  get #currentFrame(): Frame {
    return this.#levels?.frame ?? (this.#frame ??= new Frame())
  }

  #hooks(): Frame {
    this.#enlist()
    return this.#currentFrame
  }

  #takeFrame(): Frame | undefined {
    const frame = this.#frame
    this.#frame = undefined
    return frame
  }

  async #runLevel<T>(
    level: Level,
    work: () => T | Promise<T>,
    isolation: IsolationLevel | undefined,
  ): Promise<T> {
    try {
      await this.#openLevel(level, isolation)
      const result = await runIn(level, work)
      await this.#keepLevel(level)
      return result
    } catch (error) {
      await this.#undoLevel(level)
      throw error
    }
  }

  async #openLevel(level: Level, isolation: IsolationLevel | undefined): Promise<void> {
    if (isolation !== undefined && !level.isWhole) throw new DatabaseError(ISOLATION)
    this.isolation = isolation
    const transaction = await this.#begun()
    if (level.isWhole) return
    await transaction.savepoint('savepoint', level.name)
    level.isMarked = true
  }

  async #begun(): Promise<Transaction> {
    try {
      return await this.open()
    } finally {
      this.isolation = undefined
    }
  }

  /** What was opened within it and not awaited is waited for. */
  async #keepLevel(level: Level): Promise<void> {
    await runIn(level, () => level.levels.turn(() => {}))
    if (!level.isWhole) await this.#transaction?.savepoint('release savepoint', level.name)
    ;(level.outer?.frame ?? (this.#frame ??= new Frame())).adopt(level.frame)
    level.levels.leave(level)
  }

  async #undoLevel(level: Level): Promise<void> {
    if (!level.isOpen) return
    if (level.isWhole) {
      await this.#undo()
      this.#hasFailed = false
      level.levels.leave(level)
      return this.#undone(level.frame)
    }
    this.#afterEnd.push(...level.frame.afterRollback)
    try {
      if (level.isMarked) await this.#undoMarked(level)
    } catch {
      // What is to be undone cannot be told apart from what is not.
      this.#hasFailed = true
    }
    level.levels.leave(level)
  }

  async #undoMarked({ name }: Level): Promise<void> {
    await this.#transaction?.savepoint('rollback to savepoint', name)
    await this.#transaction?.savepoint('release savepoint', name)
  }

  async #conclude(committed: Awaitable<void>): Promise<void> {
    const frame = this.#takeFrame()
    try {
      await committed
    } catch (error) {
      await this.#undone(frame)
      throw error
    }
    if (frame?.written) await this.#owner.onCommit?.(frame.written)
    for (const work of frame?.afterCommit ?? []) await work()
    await this.#ended()
  }

  async #undone(frame: Frame | undefined): Promise<void> {
    for (const work of frame?.afterRollback ?? []) await work()
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

const WAIT_MS = 5000

/** Whom those ask who have written nothing. */
export function readerOf(driver: Driver): Executor {
  return driver.follower ?? driver.reader
}

/** The database undid the transaction because of others. */
function isWorthRepeating(error: unknown): boolean {
  return error instanceof SerializationFailure || error instanceof Deadlock
}

const FAILED =
  'A db.transaction() within this unit of work has failed, and what it did could not be undone alone. ' +
  'So nothing of the unit of work can be kept.'
const ISOLATION =
  'The isolation level is that of a whole transaction, and one is open already. ' +
  'Call db.transaction() with it before the first write.'
