import { AsyncLocalStorage } from 'node:async_hooks'
import { DatabaseError } from './errors.ts'
import { Frame } from './frame.ts'

/** The level that code runs in; nothing is kept here where none is open. */
const running = new AsyncLocalStorage<Level>()

/** A part of a unit of work that is undone on its own, while it is open. */
export class Level {
  readonly levels: Levels
  /** What it is within; undefined for the unit of work itself. */
  readonly outer: Level | undefined
  /** That of the code which opened it; of another database, perhaps. */
  readonly around: Level | undefined = running.getStore()
  /** Whether the transaction began with it, so that all of that is its own. */
  readonly isWhole: boolean
  readonly name: string
  readonly frame: Frame = new Frame()
  isOpen = true
  /** Whether there is a savepoint of this name. */
  isMarked = false

  constructor(levels: Levels, outer: Level | undefined, isWhole: boolean) {
    this.levels = levels
    this.outer = outer
    this.isWhole = isWhole
    this.name = outer ? `${outer.name}_1` : 'level_1'
  }
}

interface Waiter {
  readonly level: Level | undefined
  readonly timer: NodeJS.Timeout
  readonly go: () => void
}

/**
 * The levels of one unit of work, one within the other. The innermost has the connection to itself: whoever
 * belongs to another waits in the order of asking until it is closed.
 */
export class Levels {
  readonly #waitMs: number
  readonly #waiters = new Set<Waiter>()
  #innermost: Level | undefined = undefined

  /** @param waitMs after which waiting is an error */
  constructor(waitMs: number) {
    this.#waitMs = waitMs
  }

  get isOpen(): boolean {
    return this.#innermost !== undefined
  }

  /** Whether the running code is in none, while there is one that began the transaction: then nothing of its own is in that. */
  get isApart(): boolean {
    return this.#own() === undefined && outermost(this.#innermost)?.isWhole === true
  }

  /** Where the running code keeps its hooks; undefined for the unit of work itself. */
  get frame(): Frame | undefined {
    let level = this.#own()
    while (level?.isOpen === false) level = level.outer
    return level?.frame
  }

  /** Do `work` when it is the turn of the level that the running code is in. @throws {DatabaseError} after the deadline */
  turn<T>(work: () => T): T | Promise<Awaited<T>> {
    const level = this.#own()
    if (level?.isOpen === false) throw new DatabaseError(CLOSED)
    if (level === this.#innermost) return work()
    return this.#wait(level, work)
  }

  /** A level within that of the running code, when it is its turn. */
  enter(isWhole: () => boolean): Level | Promise<Level> {
    return this.turn(() => {
      const outer = this.#innermost
      this.#innermost = new Level(this, outer, outer === undefined && isWhole())
      return this.#innermost
    })
  }

  /** Close `level`, with those in it, and let those have their turn who waited for it. */
  leave(level: Level): void {
    while (level.isOpen && this.#innermost) {
      this.#innermost.isOpen = false
      this.#innermost = this.#innermost.outer
    }
    this.#wake()
  }

  /** Close all: the unit of work is over. */
  clear(): void {
    const level = outermost(this.#innermost)
    if (level) this.leave(level)
  }

  #own(): Level | undefined {
    let level = running.getStore()
    while (level && level.levels !== this) level = level.around
    return level
  }

  #wait<T>(level: Level | undefined, work: () => T): Promise<Awaited<T>> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const timer = setTimeout(() => {
      this.#waiters.delete(waiter)
      reject(new DatabaseError(stuck(this.#waitMs)))
    }, this.#waitMs)
    const go = () => {
      try {
        resolve(work())
      } catch (error) {
        // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- as it was thrown
        reject(error)
      }
    }
    const waiter: Waiter = { level, timer, go }
    this.#waiters.add(waiter)
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what awaiting it gives
    return promise as Promise<Awaited<T>>
  }

  #wake(): void {
    for (const waiter of this.#waiters) {
      if (waiter.level !== this.#innermost) continue
      this.#waiters.delete(waiter)
      clearTimeout(waiter.timer)
      waiter.go()
    }
  }
}

/** Run `work` in `level`; what it calls belongs to that. */
export function runIn<T>(level: Level, work: () => T): T {
  return running.run(level, work)
}

function outermost(level: Level | undefined): Level | undefined {
  let each = level
  while (each?.outer) each = each.outer
  return each
}

const CLOSED =
  'The db.transaction() that this code belongs to is over. Await all that it starts before it ends.'

function stuck(waitMs: number): string {
  return (
    `This waited for ${waitMs} ms for a db.transaction() that is open beside it. ` +
    'Does that wait for what was started outside of it?'
  )
}
