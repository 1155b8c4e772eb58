import { Bound } from './bound.ts'
import { compileCount, compileExists, compileSelect, type Selection } from './compile.ts'
import type { Condition, Order } from './condition.ts'
import type { Executor } from './driver.ts'
import type { Columns, RowOf } from './model.ts'
import { queryFor } from './rows.ts'
import type { Table } from './table.ts'

/** Rows to be found; nothing is asked before it is awaited. Its methods return changed copies. */
export class Find<C extends Columns> implements Promise<RowOf<C>[]> {
  readonly #executor: Executor
  readonly #table: Table<C>
  readonly #conditions: readonly Condition<C>[]
  readonly #order: readonly Order<C>[]
  readonly #limit: number | undefined
  readonly #offset: number | undefined

  constructor(
    executor: Executor,
    table: Table<C>,
    conditions: readonly Condition<C>[] = NONE,
    order: readonly Order<C>[] = NONE,
    limit?: number,
    offset?: number,
  ) {
    this.#executor = executor
    this.#table = table
    this.#conditions = conditions
    this.#order = order
    this.#limit = limit
    this.#offset = offset
  }

  get [Symbol.toStringTag](): string {
    return 'Find'
  }

  /** Only rows for which this holds too. Nothing, as in `.where(status && { status })`, asks for nothing. */
  where(condition: Condition<C> | undefined | null | false | ''): Find<C> {
    if (!condition) return this
    const conditions =
      this.#conditions.length === 0 ? [condition] : [...this.#conditions, condition]
    return this.#copy(conditions, this.#order, this.#limit, this.#offset)
  }

  /** `.orderBy('status', '-id')`; replaces an earlier order. Null comes before all else. */
  orderBy(...order: readonly Order<C>[]): Find<C> {
    return this.#copy(this.#conditions, order, this.#limit, this.#offset)
  }

  /** @throws {RangeError} when it is not a whole number from 0 */
  limit(count: number): Find<C> {
    return this.#copy(this.#conditions, this.#order, requireCount('limit', count), this.#offset)
  }

  /** @throws {RangeError} when it is not a whole number from 0 */
  offset(count: number): Find<C> {
    return this.#copy(this.#conditions, this.#order, this.#limit, requireCount('offset', count))
  }

  /** Every row that is found. To await the query itself is the same. */
  async all(): Promise<RowOf<C>[]> {
    const bound = this.#bind('all', this.#limit)
    const limit = this.#limit === undefined ? undefined : 'bound'
    const compile = () => compileSelect(this.#table, this.#selection(limit), 'rows')
    const query = queryFor(this.#table, bound.key, compile, 'rows')
    const found = this.#executor.execute(query, bound.values)
    return (found instanceof Promise ? await found : found).map(this.#table.decode)
  }

  /** The first row in the order; undefined when there is none. */
  async first(): Promise<RowOf<C> | undefined> {
    const limit = this.#limit === 0 ? 0 : 1
    const bound = this.#bind(limit === 1 ? 'first' : 'none', undefined)
    const compile = () => compileSelect(this.#table, this.#selection(limit), 'row')
    const query = queryFor(this.#table, bound.key, compile, 'row')
    const found = this.#executor.execute(query, bound.values)
    const stored = found instanceof Promise ? await found : found
    return stored && this.#table.decode(stored)
  }

  /** How many rows there are, whatever the limit and offset. */
  async count(): Promise<number> {
    const bound = this.#bindConditions('count')
    const compile = () => compileCount(this.#table, this.#untyped())
    const query = queryFor(this.#table, bound.key, compile, 'row')
    const [count] = (await this.#executor.execute(query, bound.values)) ?? []
    return Number(count)
  }

  /** Whether there is any, whatever the limit and offset. */
  async exists(): Promise<boolean> {
    const bound = this.#bindConditions('exists')
    const compile = () => compileExists(this.#table, this.#untyped())
    const query = queryFor(this.#table, bound.key, compile, 'row')
    return (await this.#executor.execute(query, bound.values)) !== undefined
  }

  // oxlint-disable-next-line unicorn/no-thenable -- so that a query can be awaited, and returned by a handler
  then<A = RowOf<C>[], B = never>(
    onFulfilled?: ((rows: RowOf<C>[]) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.all().then(onFulfilled, onRejected)
  }

  catch<B = never>(
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<RowOf<C>[] | B> {
    return this.all().catch(onRejected)
  }

  finally(onFinally?: (() => void) | null): Promise<RowOf<C>[]> {
    return this.all().finally(onFinally)
  }

  #copy(
    conditions: readonly Condition<C>[],
    order: readonly Order<C>[],
    limit: number | undefined,
    offset: number | undefined,
  ): Find<C> {
    return new Find(this.#executor, this.#table, conditions, order, limit, offset)
  }

  #untyped(): readonly Condition<Columns>[] {
    return this.#conditions
  }

  #selection(limit: Selection['limit']): Selection {
    const isMoved = this.#offset !== undefined
    return { conditions: this.#untyped(), order: this.#order, limit, isMoved }
  }

  #bindConditions(operation: string): Bound {
    const bound = new Bound(this.#table, operation)
    for (const condition of this.#untyped()) bound.addCondition(condition)
    return bound
  }

  #bind(operation: string, limit: number | undefined): Bound {
    const bound = this.#bindConditions(operation)
    for (const each of this.#order) bound.key += ` ${each}`
    if (limit !== undefined) {
      bound.key += ' limit'
      bound.values.push(limit)
    }
    if (this.#offset !== undefined) {
      bound.key += ' offset'
      bound.values.push(this.#offset)
    }
    return bound
  }
}

const NONE: readonly never[] = []

function requireCount(what: string, count: number): number {
  if (Number.isSafeInteger(count) && count >= 0) return count
  throw new RangeError(`${what}() takes a whole number from 0, not ${count}.`)
}
