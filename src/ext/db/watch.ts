import type { Logger } from '../../app/logger.ts'
import type { Scope } from '../../app/scope.ts'
import { Catalogue } from '../../sql/catalogue.ts'
import type { Awaitable, Driver, Executor, Fetched, Query, SQLValue } from '../../sql/driver.ts'
import type { Rows } from '../../sql/touches.ts'
import { labelOf } from './label.ts'
import { type CommitListener, Observers, type StatementListener } from './observers.ts'
import { Repeats } from './repeats.ts'
import { Run } from './run.ts'

/** Where a watched statement runs. */
export interface Runner {
  run<Q extends Query>(
    scope: Scope,
    query: Q,
    values: readonly SQLValue[],
  ): Awaitable<Fetched[Q['fetch']]>
  /** Whoever ran the last statement of `scope`, who may know more of it. */
  executorOf(scope: Scope): Executor
  readonly driver: Driver
  /** Note what a statement has written, for the report of its commit. */
  wrote(scope: Scope, rows: Rows | 'everything'): void
}

/** Sees every statement, where anybody wants to know of them. */
export class Watch {
  /** Whether anybody does. */
  isOn: boolean
  readonly #runner: Runner
  readonly #observers: Observers
  readonly #repeats: Repeats | undefined
  readonly #catalogue: Catalogue

  /** @param isDevelopment whether statements that repeat are worth a warning */
  constructor(runner: Runner, log: Logger, isDevelopment: boolean) {
    this.isOn = isDevelopment
    this.#runner = runner
    this.#observers = new Observers(log)
    this.#catalogue = new Catalogue(() => runner.driver)
    this.#repeats = isDevelopment ? new Repeats(log) : undefined
  }

  /** @returns what ends that `listener` is told of every statement */
  onStatement(listener: StatementListener): () => void {
    return this.#add(this.#observers.statements, listener)
  }

  /** @returns what ends that `listener` is told of every commit */
  onCommit(listener: CommitListener): () => void {
    return this.#add(this.#observers.commits, listener)
  }

  async committed(scope: Scope, writes: Rows | 'everything'): Promise<void> {
    if (writes === 'everything') await this.#catalogue.forget()
    await this.#observers.committed({ scope, writes })
  }

  /** Learn what the database is made of now. */
  async learn(): Promise<void> {
    await this.#catalogue.forget()
  }

  /** Where a query is made, when that should be known and it runs elsewhere. */
  placeFor(scope: Scope): Error | undefined {
    return this.#repeats?.isSuspect(scope) ? new Error() : undefined
  }

  /** @param made what {@link placeFor} gave */
  execute<Q extends Query>(
    scope: Scope,
    query: Q,
    values: readonly SQLValue[],
    made?: Error,
  ): Awaitable<Fetched[Q['fetch']]> {
    if (this.#repeats && scope.kind === 'request' && query.access !== 'write') {
      this.#repeats.saw(scope, labelOf(scope), query.sql, made)
    }
    if (this.#observers.isEmpty) return this.#runner.run(scope, query, values)
    return this.#observe(scope, query, values)
  }

  #observe<Q extends Query>(
    scope: Scope,
    query: Q,
    values: readonly SQLValue[],
  ): Awaitable<Fetched[Q['fetch']]> {
    const run = new Run(scope, query, values, this.#catalogue)
    let answer: Awaitable<Fetched[Q['fetch']]>
    try {
      answer = this.#runner.run(scope, query, values)
    } catch (error) {
      return this.#failed(run, error)
    }
    if (!(answer instanceof Promise)) return this.#ran(run, answer)
    return answer.then(
      (given) => this.#ran(run, given),
      (error: unknown) => this.#failed(run, error),
    )
  }

  #ran<T>(run: Run, answer: T): T {
    run.answered(answer, this.#runner.executorOf(run.scope))
    if (run.access === 'write') {
      this.#runner.wrote(run.scope, run.writes)
    }
    this.#observers.ran(run)
    return answer
  }

  #failed(run: Run, error: unknown): never {
    run.failed(error)
    this.#observers.ran(run)
    throw error
  }

  #add<T>(listeners: Set<T>, listener: T): () => void {
    listeners.add(listener)
    // Changes of the schema are noticed only while somebody listens.
    if (this.#observers.isEmpty) void this.#catalogue.forget()
    this.isOn = true
    return () => {
      listeners.delete(listener)
      this.isOn = this.#repeats !== undefined || !this.#observers.isEmpty
    }
  }
}
