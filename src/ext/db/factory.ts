import { randomUUID } from 'node:crypto'
import type { Column } from '../../sql/column.ts'
import type { ColumnType } from '../../sql/column_type.ts'
import type { Columns, InsertOf, Model, RowOf } from '../../sql/model.ts'
import type { Relations } from '../../sql/relation.ts'
import type { Database } from './database.ts'

/** A value, or a function that makes one. @param n counts the rows that the factory made, from 1 */
type Maker<V> = V | ((n: number) => V | Promise<V>)

/** What rows have where nothing else is said, by column. */
export type Makers<C extends Columns> = {
  readonly [K in keyof InsertOf<C>]?: Maker<InsertOf<C>[K]>
}

/** Makes rows of one model, for tests and examples. */
export class Factory<C extends Columns> {
  readonly #db: Database<readonly Model[], Relations>
  readonly #model: Model<C>
  readonly #makers: Makers<C>
  #made = 0

  constructor(db: Database<readonly Model[], Relations>, model: Model<C>, makers: Makers<C>) {
    this.#db = db
    this.#model = model
    this.#makers = makers
  }

  /**
   * The values of a row that is not inserted. Rows that it must refer to are.
   *
   * @throws {TypeError} when a column needs a value that only you can know
   */
  async build(values: Partial<InsertOf<C>> = {}): Promise<InsertOf<C>> {
    const n = ++this.#made
    const built: Record<string, unknown> = { ...values }
    for (const [name, column] of Object.entries<Column>(this.#model.columns)) {
      if (built[name] !== undefined) continue
      if (Object.hasOwn(this.#makers, name)) {
        const maker: unknown = Reflect.get(this.#makers, name)
        built[name] = typeof maker === 'function' ? await maker(n) : maker
      } else if (column.presence === 'required') {
        built[name] = await this.#invent(name, column)
      }
    }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- all that is required was made
    return built as InsertOf<C>
  }

  /** Insert one row. @param values in place of what the factory would make */
  async create(values: Partial<InsertOf<C>> = {}): Promise<RowOf<C>> {
    return this.#db.insert(this.#model, await this.build(values))
  }

  /** Insert `count` rows. */
  async createMany(count: number, values: Partial<InsertOf<C>> = {}): Promise<RowOf<C>[]> {
    const rows: InsertOf<C>[] = []
    for (let i = 0; i < count; i++) rows.push(await this.build(values))
    return this.#db.insertMany(this.#model, rows)
  }

  async #invent(name: string, { reference, type }: Column): Promise<unknown> {
    const target = reference && this.#db.models.find(({ table }) => table === reference.table)
    if (target) {
      const row = await factory(this.#db, target).create()
      return Reflect.get(row, reference.column ?? target.key)
    }
    const value = sample(type, name, ++invented)
    if (value !== undefined) return value
    throw new TypeError(
      `The factory of "${this.#model.table}" needs a value for "${name}": nothing can be made up for ${type.name}.`,
    )
  }
}

/**
 * Make rows for tests: what the model requires and nobody gives is made up, different in every row, and what a row
 * refers to is made too.
 *
 * @example
 * ```ts
 * import { App } from 'dewar'
 * import { database, factory, id, model, string } from 'dewar/db'
 *
 * const Task = model('tasks', { id: id(), title: string(150), owner: string(50) })
 * const db = database([Task])
 * const tasks = factory(db, Task, { owner: 'ann' })
 *
 * await using app = new App('tasks', { logger: false }).install(db, { url: 'sqlite::memory:' })
 * await app.withScope(async () => {
 *   await db.createTables()
 *   await tasks.createMany(3)
 * })
 * ```
 */
export function factory<C extends Columns>(
  db: Database<readonly Model[], Relations>,
  model: Model<C>,
  makers: Makers<C> = {},
): Factory<C> {
  return new Factory(db, model, makers)
}

const DAY_MS = 86_400_000
/** Counts what was made up in this process, as factories may fill the same table. */
let invented = 0
const START = Date.UTC(2026, 0, 1)

function sample(type: ColumnType, name: string, n: number): unknown {
  switch (type.name) {
    case 'string':
      return `${name} ${n}`.slice(-type.maxLength)
    case 'text':
      return `${name} ${n}`
    case 'integer':
    case 'float':
      return n
    case 'bigint':
      return BigInt(n)
    case 'decimal':
      return String(n % 10 ** (type.precision - type.scale))
    case 'boolean':
      return false
    case 'datetime':
      return new Date(START + n * DAY_MS)
    case 'date':
      return new Date(START + n * DAY_MS).toISOString().slice(0, 10)
    case 'time':
      return new Date(START + n * 1000).toISOString().slice(11, 19)
    case 'uuid':
      return randomUUID()
    case 'binary':
      return Buffer.from(`${name} ${n}`)
    case 'enumeration':
      return type.values[0]
    default:
      return undefined
  }
}
