import { inspect } from 'node:util'
import type { z } from 'zod'
import type { Column } from './column.ts'
import type { SQLText } from './column_type.ts'
import type { ReferenceOptions } from './column.ts'

export type Columns = Readonly<Record<string, Column>>

type Names<C> = Extract<keyof C, string>

/** An index of a model, besides those of single columns. */
export interface IndexOptions<Name extends string = string> {
  /** With `-` before those in descending order. */
  readonly columns: readonly (Name | `-${Name}`)[]
  /** Default: of the table and the columns. */
  readonly name?: string
  readonly unique?: boolean
  /** Only rows for which this SQL holds. MariaDB has no such indexes: there a plain one is of all rows. */
  readonly where?: SQLText
}

export interface ForeignKeyOptions<Name extends string = string> extends ReferenceOptions {
  readonly columns: readonly Name[]
  readonly table: string
  /** Default: the primary key of the table. */
  readonly refersTo?: readonly string[]
}

/** What concerns more than one column. */
export interface ModelOptions<Name extends string = string> {
  readonly indexes?: readonly IndexOptions<Name>[]
  /** Columns that together are different in every row. */
  readonly unique?: readonly (readonly Name[])[]
  /** SQL that holds for every row, by name. */
  readonly checks?: Readonly<Record<string, SQLText>>
  readonly foreignKeys?: readonly ForeignKeyOptions<Name>[]
  readonly comment?: string
}

/** A table, declared once: rows, schemas and statements are derived from it. */
export class Model<C extends Columns = Columns, Name extends string = string> {
  readonly table: Name
  readonly columns: C
  /** The columns of the primary key. */
  readonly primaryKey: readonly string[]
  readonly options: ModelOptions

  constructor(table: Name, columns: C, options: ModelOptions = {}) {
    checkName('table', table)
    for (const name of Object.keys(columns)) checkName(`column of "${table}"`, name)
    this.table = table
    this.columns = columns
    this.options = options
    this.primaryKey = Object.keys(columns).filter((name) => columns[name]?.isPrimary)
    checkKey(table, columns, this.primaryKey)
    checkOptions(table, columns, options)
  }

  /** The name of the primary key; the first of several. */
  get key(): string {
    return this.primaryKey[0]!
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
 * @throws {TypeError} when a name is not a plain word, or there is no primary key
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
  options?: ModelOptions<Names<C>>,
): Model<C, Name> {
  return new Model(table, columns, options)
}

export type ValueOf<T extends Column> = z.output<T['schema']>

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
  readonly [K in keyof C as C[K]['isPrimary'] extends true ? never : K]?: ValueOf<C[K]> | undefined
}

/** The names of the primary key's columns. */
export type KeyNames<C extends Columns> = {
  [K in keyof C]: C[K]['isPrimary'] extends true ? K : never
}[keyof C]

type IsUnion<T, All = T> = T extends unknown ? ([All] extends [T] ? false : true) : never

/** The value of the primary key; an object of them where it has several columns. */
export type KeyOf<C extends Columns> =
  true extends IsUnion<KeyNames<C>>
    ? { readonly [K in KeyNames<C>]: ValueOf<C[K]> }
    : ValueOf<C[KeyNames<C>]>

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

function checkKey(table: string, columns: Columns, key: readonly string[]): void {
  if (key.length === 0) {
    throw new TypeError(`The model "${table}" needs a primary key: an id(), or .primary() columns.`)
  }
  const auto = key.find((name) => columns[name]?.presence === 'key')
  if (auto !== undefined && key.length > 1) {
    throw new TypeError(
      `The model "${table}" has an id() and other primary columns: ${key.join(', ')}.`,
    )
  }
  const nullable = key.find((name) => columns[name]?.isNullable)
  if (nullable === undefined) return
  throw new TypeError(`The primary key "${nullable}" of "${table}" may not be nullable.`)
}

function checkOptions(table: string, columns: Columns, options: ModelOptions): void {
  const { indexes = [], unique = [], foreignKeys = [], checks = {} } = options
  const named = [
    ...indexes.flatMap((index) => index.columns.map((name) => name.replace(/^-/, ''))),
    ...unique.flat(),
    ...foreignKeys.flatMap((foreignKey) => foreignKey.columns),
  ]
  const unknown = named.find((name) => !Object.hasOwn(columns, name))
  if (unknown !== undefined) {
    throw new TypeError(`The model "${table}" has no column "${unknown}", which its options name.`)
  }
  for (const name of Object.keys(checks)) checkName(`check of "${table}"`, name)
}
