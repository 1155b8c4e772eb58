import type { Scope } from '../../app/scope.ts'
import type { Catalogue } from '../../sql/catalogue.ts'
import type { Executor, Query, SQLValue } from '../../sql/driver.ts'
import { type Rows, touchedRows, type TouchedRows, touchedTables } from '../../sql/touches.ts'
import type { StatementReport } from './observers.ts'

/** A statement that runs; what it touches is looked for when somebody asks. */
export class Run implements StatementReport {
  readonly scope: Scope
  durationMs = 0
  error: unknown = undefined
  readonly #query: Query
  readonly #values: readonly SQLValue[]
  readonly #catalogue: Catalogue
  readonly #startedAt = performance.now()
  /** Whoever ran it, who may know more of it. */
  #executor: Pick<Executor, 'touchesOf'> = {}
  #answer: unknown = undefined
  #touches: TouchedRows | 'everything' | undefined = undefined

  constructor(scope: Scope, query: Query, values: readonly SQLValue[], catalogue: Catalogue) {
    this.scope = scope
    this.#query = query
    this.#values = values
    this.#catalogue = catalogue
  }

  get sql(): string {
    return this.#query.sql
  }

  get access(): Query['access'] {
    return this.#query.access
  }

  get touches(): TouchedRows | 'everything' {
    this.#touches ??= this.#findTouches()
    return this.#touches
  }

  get writes(): Rows | 'everything' {
    return this.touches === 'everything' ? this.touches : this.touches.writes
  }

  answered(answer: unknown, executor: Pick<Executor, 'touchesOf'>): void {
    this.durationMs = performance.now() - this.#startedAt
    this.#answer = answer
    this.#executor = executor
  }

  failed(error: unknown): void {
    this.durationMs = performance.now() - this.#startedAt
    this.error = error
  }

  #findTouches(): TouchedRows | 'everything' {
    const isPlain = (table: string) => this.#catalogue.isPlain(table)
    const tables = touchedTables(this.#query, this.#executor, isPlain)
    return tables === 'everything'
      ? tables
      : touchedRows(tables, this.#query, this.#values, this.#answer)
  }
}
