import type { Logger } from '../../app/logger.ts'
import type { Scope } from '../../app/scope.ts'
import type { Query } from '../../sql/driver.ts'
import type { Rows, TouchedRows } from '../../sql/touches.ts'

/** A statement that has run, or failed. */
export interface StatementReport {
  /** Without values, where they are bound. */
  readonly sql: string
  readonly access: Query['access']
  /** The rows, by table: their keys as text where the statement pins them, or `'all'`. */
  readonly touches: TouchedRows | 'everything'
  readonly durationMs: number
  /** Why it failed; undefined when it did not. */
  readonly error: unknown
  readonly scope: Scope
}

/** What a unit of work has written, once it is safe. */
export interface CommitReport {
  /** The rows, by table: their keys as text where the statements pinned them, or `'all'`. */
  readonly writes: Rows | 'everything'
  readonly scope: Scope
}

export type StatementListener = (report: StatementReport) => void
export type CommitListener = (report: CommitReport) => void | Promise<void>

/** Whoever wants to know what an app asks of its database. Their errors are logged. */
export class Observers {
  readonly statements: Set<StatementListener> = new Set()
  readonly commits: Set<CommitListener> = new Set()
  readonly #log: Logger

  constructor(log: Logger) {
    this.#log = log
  }

  get isEmpty(): boolean {
    return this.statements.size + this.commits.size === 0
  }

  ran(report: StatementReport): void {
    for (const listener of this.statements) {
      try {
        listener(report)
      } catch (error) {
        this.#failed(error)
      }
    }
  }

  async committed(report: CommitReport): Promise<void> {
    for (const listener of this.commits) {
      try {
        await listener(report)
      } catch (error) {
        this.#failed(error)
      }
    }
  }

  #failed(error: unknown): void {
    this.#log.error({ err: error }, 'what listens to the database failed')
  }
}
