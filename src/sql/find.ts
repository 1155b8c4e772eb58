import { type Aggregates, type AggregateRow, aggregateRows } from './aggregate.ts'
import { compileCount, compileExists, compileSelect } from './compile.ts'
import type { Condition, Order } from './condition.ts'
import type { Executor } from './driver.ts'
import { decoderOf, findRows } from './find_rows.ts'
import type { Columns, RowOf } from './model.ts'
import { type CursorOptions, type CursorPage, findCursorPage } from './cursor_page.ts'
import { findPage, type Page, type PageOptions } from './page.ts'
import { bindConditions, bindSelection, EVERY_ROW, type Plan } from './plan.ts'
import { queryFor } from './query_for.ts'
import type { Members, With } from './relation.ts'
import { streamRows, type StreamOptions } from './stream.ts'
import type { Table } from './table.ts'
import { treeOf } from './tree.ts'

type Names<C> = Extract<keyof C, string>

/** Rows to be found; nothing is asked before it is awaited. Its methods return changed copies. */
export class Find<
  C extends Columns,
  Row extends object = RowOf<C>,
  R = {},
  Name = string,
> implements Promise<Row[]> {
  readonly #executor: Executor
  readonly #table: Table<C>
  readonly #plan: Plan

  constructor(executor: Executor, table: Table<C>, plan: Plan = EVERY_ROW) {
    this.#executor = executor
    this.#table = table
    this.#plan = plan
  }

  get [Symbol.toStringTag](): string {
    return 'Find'
  }

  /** Only rows for which this holds too. Nothing, as in `.where(status && { status })`, asks for nothing. */
  where(condition: Condition<C, R, Name> | undefined | null | false | ''): Find<C, Row, R, Name> {
    if (!condition) return this
    return this.#changed({ conditions: [...this.#plan.conditions, condition] })
  }

  /** `.orderBy('status', '-id')`; replaces an earlier order. Null comes before all else. */
  orderBy(...order: readonly Order<C>[]): Find<C, Row, R, Name> {
    return this.#changed({ order })
  }

  /** @throws {RangeError} when it is not a whole number from 0 */
  limit(count: number): Find<C, Row, R, Name> {
    return this.#changed({ limit: requireCount('limit', count) })
  }

  /** @throws {RangeError} when it is not a whole number from 0 */
  offset(count: number): Find<C, Row, R, Name> {
    return this.#changed({ offset: requireCount('offset', count) })
  }

  /** Load related rows too, in one statement more at most for each relation: `.with({ address: true, lines: { cookie: true } })`. */
  with<const W extends With<R, Name>>(wanted: W): Find<C, Row & Members<R, Name, W>, R, Name> {
    treeOf(this.#table, wanted)
    return this.#changed({ wanted: { ...this.#plan.wanted, ...wanted } })
  }

  /** Only these columns. */
  select<const N extends Names<C>>(...names: readonly N[]): Find<C, Pick<RowOf<C>, N>, R, Name> {
    return this.#changed({ columns: names.map((name) => this.#table.column(name)) })
  }

  /** No two rows are the same; for a few columns that were selected. */
  distinct(): Find<C, Row, R, Name> {
    return this.#changed({ isDistinct: true })
  }

  /** Hold the rows until the unit of work ends: nobody else changes them before. */
  lock(): Find<C, Row, R, Name> {
    return this.#changed({ isLocked: true })
  }

  /** Every row that is found. To await the query itself is the same. */
  all(): Promise<Row[]> {
    return findRows(this.#executor, this.#table, this.#plan)
  }

  /** The first row in the order; undefined when there is none. */
  async first(): Promise<Row | undefined> {
    const plan = this.#plan
    if (plan.limit === 0) return undefined
    if (plan.wanted) return (await this.limit(1).all())[0]
    const bound = bindSelection(this.#table, 'first', { ...plan, limit: undefined })
    const compile = () => compileSelect(this.#table, plan, 'row', 1)
    const query = queryFor(this.#table, bound.key, compile, 'row')
    const found = this.#executor.execute(query, bound.values)
    const stored = found instanceof Promise ? await found : found
    return stored && decoderOf<Row>(this.#table, plan)(stored)
  }

  /** How many rows there are, whatever the limit and offset. */
  async count(): Promise<number> {
    const bound = bindConditions(this.#table, 'count', this.#plan)
    const compile = () => compileCount(this.#table, this.#plan.conditions)
    const query = queryFor(this.#table, bound.key, compile, 'row')
    const [count] = (await this.#executor.execute(query, bound.values)) ?? []
    return Number(count)
  }

  /** Whether there is any, whatever the limit and offset. */
  async exists(): Promise<boolean> {
    const bound = bindConditions(this.#table, 'exists', this.#plan)
    const compile = () => compileExists(this.#table, this.#plan.conditions)
    const query = queryFor(this.#table, bound.key, compile, 'row')
    return (await this.#executor.execute(query, bound.values)) !== undefined
  }

  /**
   * Counts, sums and the like of all rows, or `by` the values of columns, in their order.
   *
   * `.aggregate({ n: count(), total: sum('price') }, { by: ['status'] })`
   */
  aggregate<const A extends Aggregates<C>, const N extends Names<C> = never>(
    aggregates: A,
    options: { readonly by?: readonly N[] } = {},
  ): Promise<AggregateRow<C, A, N>[]> {
    return aggregateRows(this.#executor, this.#table, this.#plan, aggregates, options.by ?? [])
  }

  /** One page by number, with how many there are in all. */
  paginate(options: PageOptions = {}): Promise<Page<Row>> {
    return findPage(this, options)
  }

  /** One page by a cursor of the page before, which stays right while rows come and go. */
  page(options: CursorOptions = {}): Promise<CursorPage<Row>> {
    return findCursorPage(this.#executor, this.#table, this.#plan, options)
  }

  /** Rows one by one, however many there are, in short statements of a batch each. */
  stream(options: StreamOptions = {}): AsyncGenerator<Row, void, undefined> {
    return streamRows(this.#executor, this.#table, this.#plan, options)
  }

  // oxlint-disable-next-line unicorn/no-thenable -- so that a query can be awaited, and returned by a handler
  then<A = Row[], B = never>(
    onFulfilled?: ((rows: Row[]) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.all().then(onFulfilled, onRejected)
  }

  catch<B = never>(
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<Row[] | B> {
    return this.all().catch(onRejected)
  }

  finally(onFinally?: (() => void) | null): Promise<Row[]> {
    return this.all().finally(onFinally)
  }

  #changed<Changed extends object = Row>(changes: Partial<Plan>): Find<C, Changed, R, Name> {
    return new Find(this.#executor, this.#table, { ...this.#plan, ...changes })
  }
}

function requireCount(what: string, count: number): number {
  if (Number.isSafeInteger(count) && count >= 0) return count
  throw new RangeError(`${what}() takes a whole number from 0, not ${count}.`)
}
