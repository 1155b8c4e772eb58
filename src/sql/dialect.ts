import type { Expression, Kysely } from 'kysely'
import type { Column } from './column.ts'
import type { SQLValue } from './driver.ts'
import type { Model } from './model.ts'

/** How a database stores one column. */
export interface Storage {
  /** @throws {DataError} when the column cannot hold `value` */
  readonly bind: (value: unknown) => SQLValue
  /** The same for a value that is only compared. @throws {DataError} */
  readonly compare: (value: unknown) => SQLValue
  /** Undefined where what is stored is the value. Never given null. */
  readonly decode: ((stored: unknown) => unknown) | undefined
}

/** Any tables: statements are built here from models, not from Kysely's types. */
// oxlint-disable-next-line typescript/no-explicit-any -- the tables are known at run time only
export type AnyTables = any

/** What one kind of database has of its own; all that is not here is the same for all. */
export interface Dialect {
  readonly name: string
  /** Compiles statements; never runs one. */
  readonly compiler: Kysely<AnyTables>
  /** @param name of the column, for messages */
  storageOf(name: string, column: Column): Storage
  /** What a value that did not come through a model is bound as. @throws {DataError} */
  bindAny(value: unknown): SQLValue
  /** The statements that make a model's table where there is none. */
  createTable(model: Model): readonly string[]
  dropTable(model: Model): readonly string[]
  /** A bound limit. */
  limit(value: number): Expression<number>
  /** The value to compare with for a text operator, and the SQL around column and value. */
  textOperator(operator: TextOperator, value: string): string
  textOperatorSQL(operator: TextOperator): TextOperatorSQL
}

export type TextOperator = 'like' | 'contains' | 'startsWith'

/** How column and value stand in a text operator. */
export type TextOperatorSQL = { readonly infix: string } | { readonly call: string }
