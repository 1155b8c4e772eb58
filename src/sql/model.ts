import { inspect } from 'node:util'
import type { z } from 'zod'
import type { Column } from './column.ts'

export type Columns = Readonly<Record<string, Column>>

/** A table, declared once: rows, schemas and statements are derived from it. */
export class Model<C extends Columns = Columns, Name extends string = string> {
  readonly table: Name
  readonly columns: C
  /** The name of the primary key. */
  readonly key: string

  constructor(table: Name, columns: C) {
    checkName('table', table)
    for (const name of Object.keys(columns)) checkName(`column of "${table}"`, name)
    const keys = Object.keys(columns).filter((name) => columns[name]?.presence === 'key')
    const [key] = keys
    if (key === undefined || keys.length > 1) {
      throw new TypeError(`The model "${table}" needs one id() column; it has ${keys.length}.`)
    }
    this.table = table
    this.columns = columns
    this.key = key
  }

  toString(): string {
    return `Model ${this.table} (${Object.keys(this.columns).join(', ')})`
  }
}

// Not a member: a computed name has no place in declarations that are made file by file.
Object.defineProperty(Model.prototype, inspect.custom, {
  value(this: Model): string {
    return this.toString()
  },
})

/**
 * Declare a table.
 *
 * @throws {TypeError} when a name is not a plain word, or there is not one `id()`
 *
 * @example
 * ```ts
 * import { id, model, type Row, string } from 'dewar/db'
 *
 * const Task = model('tasks', { id: id(), title: string(150) })
 * type Task = Row<typeof Task>
 * ```
 */
export function model<const Name extends string, C extends Columns>(
  table: Name,
  columns: C,
): Model<C, Name> {
  return new Model(table, columns)
}

type ValueOf<T extends Column> = z.output<T['schema']>

/** A row as it is read; by a model's columns. */
export type RowOf<C extends Columns> = { readonly [K in keyof C]: ValueOf<C[K]> }

/** What an insert takes; by a model's columns. */
export type InsertOf<C extends Columns> = {
  readonly [K in keyof C as C[K]['presence'] extends 'required' ? K : never]: ValueOf<C[K]>
} & {
  readonly [K in keyof C as C[K]['presence'] extends 'required' ? never : K]?:
    | ValueOf<C[K]>
    | undefined
}

/** What an update takes; by a model's columns. */
export type UpdateOf<C extends Columns> = {
  readonly [K in keyof C as C[K]['presence'] extends 'key' ? never : K]?: ValueOf<C[K]> | undefined
}

/** The value of the primary key. */
export type KeyOf<C extends Columns> = {
  [K in keyof C]: C[K]['presence'] extends 'key' ? ValueOf<C[K]> : never
}[keyof C]

type ColumnsOf<M extends Model> = M['columns']

/** A row as it is read: `type Task = Row<typeof Task>`. A snapshot; to change it, update. */
export type Row<M extends Model> = RowOf<ColumnsOf<M>>
/** What an insert takes; columns with a default, the key and those that may be null need not be there. */
export type Insert<M extends Model> = InsertOf<ColumnsOf<M>>
/** What an update takes: any of the columns but the key. */
export type Update<M extends Model> = UpdateOf<ColumnsOf<M>>

const NAME = /^[a-z_]\w{0,62}$/i

function checkName(what: string, name: string): void {
  if (NAME.test(name) && !name.startsWith('__')) return
  throw new TypeError(`The name of a ${what} is letters, digits and "_", not "${name}".`)
}
