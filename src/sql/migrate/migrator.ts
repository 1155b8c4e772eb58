import { MigrationError } from './errors.ts'
import { type History, within } from './history.ts'
import {
  type Direction,
  type InDoubt,
  Journal,
  readUnfinished,
  type Unfinished,
} from './journal.ts'
import { logOf } from './operations.ts'
import type { Revision } from './revision.ts'
import { runStep } from './run_step.ts'
import type { SchemaConnection } from './schema_connection.ts'
import { isSchemaStep, type Step, stepsOf } from './steps.ts'
import {
  downgradeTarget,
  headsWith,
  headsWithout,
  nextDown,
  nextUp,
  type Target,
  upgradeTarget,
} from './target.ts'
import { CREATE_VERSION_TABLE, moveHeads, readHeads } from './version_table.ts'

export interface MigratorOptions {
  /** Told what is done, and who is waited for. */
  readonly print: (line: string) => void
  /** What becomes of SQL of which nobody knows whether it was run. */
  readonly inDoubt?: InDoubt
}

/** What a database says of itself. */
export interface Position {
  /** The last revisions that it has; undefined where no migration ever ran. */
  readonly heads: Target | undefined
  readonly unfinished: Unfinished | undefined
}

/** Brings one database from revision to revision. */
export class Migrator {
  readonly #history: History
  readonly #connection: SchemaConnection
  readonly #options: MigratorOptions

  constructor(history: History, connection: SchemaConnection, options: MigratorOptions) {
    this.#history = history
    this.#connection = connection
    this.#options = options
  }

  async position(): Promise<Position> {
    const heads = await readHeads(this.#connection)
    return { heads, unfinished: await readUnfinished(this.#connection) }
  }

  /** @returns how many revisions were applied @throws {MigrationError} */
  upgrade(text?: string): Promise<number> {
    return this.#inTurn(() => this.#upgrade(text))
  }

  /** @returns how many revisions were taken back @throws {MigrationError} */
  downgrade(text: string): Promise<number> {
    return this.#inTurn(() => this.#downgrade(text))
  }

  /** Say that the database has these revisions, without touching its tables. */
  stamp(target: Target): Promise<void> {
    return this.#inTurn(() => this.#stamp(target))
  }

  async #upgrade(text: string | undefined): Promise<number> {
    const { heads, unfinished } = await this.position()
    this.#requireDirection(unfinished, 'upgrade')
    const target = upgradeTarget(this.#history, this.#known(heads ?? []), text)
    const isNew = heads === undefined && !unfinished
    if (isNew && target.length > 0) await this.#requireFresh(target)
    return this.#move('upgrade', (current) => nextUp(this.#history, current, target))
  }

  async #downgrade(text: string): Promise<number> {
    const { heads, unfinished } = await this.position()
    this.#requireDirection(unfinished, 'downgrade')
    const target = downgradeTarget(this.#history, this.#known(heads ?? []), text)
    return this.#move('downgrade', (current) => nextDown(this.#history, current, target))
  }

  async #stamp(target: Target): Promise<void> {
    await this.#connection.begin((why) => this.#wait(why))
    try {
      await this.#connection.execute(CREATE_VERSION_TABLE)
      const heads = (await readHeads(this.#connection)) ?? []
      for (const sql of moveHeads(heads, target)) await this.#connection.execute(sql)
      await this.#connection.commit()
    } catch (error) {
      await this.#connection.rollback()
      throw error
    }
  }

  async #move(
    direction: Direction,
    next: (current: Target) => Revision | undefined,
  ): Promise<number> {
    for (let count = 0; ; count++) {
      if (!(await this.#moveOnce(direction, next))) return count
    }
  }

  /** Heads are read anew within each transaction: others may have come first. */
  async #moveOnce(
    direction: Direction,
    next: (current: Target) => Revision | undefined,
  ): Promise<boolean> {
    const connection = this.#connection
    const isBegun = connection.schema.isTransactional
    if (isBegun) await connection.begin((why) => this.#wait(why))
    try {
      const heads = this.#known((await readHeads(connection)) ?? [])
      const revision = next(heads)
      if (revision) await this.#apply(direction, revision, heads)
      if (isBegun) await (revision ? connection.commit() : connection.rollback())
      return revision !== undefined
    } catch (error) {
      await connection.rollback()
      throw error
    }
  }

  async #apply(direction: Direction, revision: Revision, heads: Target): Promise<void> {
    const sign = direction === 'upgrade' ? '+' : '-'
    this.#options.print(`${sign} ${revision.id} ${revision.message}`)
    const steps = stepsWithin(this.#history, direction, revision, heads)
    const move = direction === 'upgrade' ? headsWith : headsWithout
    const moved = moveHeads(heads, move(this.#history, heads, revision))
    const isAlone = steps.some(
      (step) => isSchemaStep(step) && this.#connection.schema.isAlone(step),
    )
    const isWhole = this.#connection.schema.isTransactional && !isAlone
    await (
      isWhole
        ? this.#applyWhole(steps, moved)
        : this.#applyStepwise(direction, revision, steps, moved)
    ).catch((error: unknown) => {
      return within(revision, () => {
        throw error
      })
    })
  }

  /** All of it, with the change of the version, in the transaction that is open. */
  async #applyWhole(steps: readonly Step[], moved: readonly string[]): Promise<void> {
    for (const step of steps) await runStep(this.#connection, step)
    await this.#connection.verify(steps.filter(isSchemaStep))
    for (const sql of [CREATE_VERSION_TABLE, ...moved]) await this.#connection.execute(sql)
  }

  async #applyStepwise(
    direction: Direction,
    revision: Revision,
    steps: readonly Step[],
    moved: readonly string[],
  ): Promise<void> {
    const connection = this.#connection
    const isBegun = connection.schema.isTransactional
    // What follows has transactions of its own.
    if (isBegun) await connection.commit()
    const journal = new Journal(connection, revision, direction)
    await journal.run(steps, this.#options.inDoubt, (step) => runStep(connection, step))
    await connection.execute(CREATE_VERSION_TABLE)
    await connection.begin((why) => this.#wait(why))
    for (const sql of [...moved, journal.forget]) await connection.execute(sql)
    if (!isBegun) await connection.commit()
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    await this.#connection.takeTurn((why) => this.#wait(why))
    try {
      return await work()
    } finally {
      await this.#connection.endTurn()
    }
  }

  #wait(why: string): void {
    this.#options.print(`Waiting: ${why} …`)
  }

  /** @throws {MigrationError} when the database has a revision that no file has */
  #known(heads: Target): Target {
    for (const id of heads) this.#history.get(id)
    return heads
  }

  /** Tables that nobody recorded are not made again. */
  async #requireFresh(target: Target): Promise<void> {
    const [first] = this.#history.upTo(target)
    const made = first ? this.#history.schemaAt([first.id]) : new Map<string, unknown>()
    const name = [...made.keys()].toSorted()
    for (const table of name) {
      if (!(await this.#connection.hasTable(table))) continue
      throw new MigrationError(
        `The database has a table "${table}", but no migration ever ran there. ` +
          'If its tables are those of a revision, say so: dewar db stamp <revision>. Then upgrade.',
      )
    }
  }

  #requireDirection(unfinished: Unfinished | undefined, direction: Direction): void {
    if (!unfinished || unfinished.direction === direction) return
    throw new MigrationError(
      `The ${unfinished.direction} of ${this.#history.labelOf(unfinished.revision)} is not finished. ` +
        `Finish it first: dewar db ${unfinished.direction}`,
    )
  }
}

/** What a revision does to the tables of `heads`, step by step. @throws {MigrationError} that names it */
export function stepsWithin(
  history: History,
  direction: Direction,
  revision: Revision,
  heads: Target,
): Step[] {
  const before = history.schemaAt(heads)
  return within(revision, () => stepsOf(logOf(revision[direction]), before))
}
