import type { Expression, Kysely } from 'kysely'
import type { ColumnType, DialectName } from './column_type.ts'
import type { TableState } from './ddl/table_state.ts'
import type { SQLValue } from './driver.ts'

/** How a database stores one column. */
export interface Storage {
  /** @throws {DataError} when the column cannot hold `value` */
  readonly bind: (value: unknown) => SQLValue
  /** The same for a value that is only compared, for equality where no operator says otherwise. @throws {DataError} */
  readonly compare: (value: unknown, operator?: string) => SQLValue
  /** Undefined where what is stored is the value. Never given null. */
  readonly decode: ((stored: unknown) => unknown) | undefined
  /** How it is selected, where the column itself would not come whole: `cast(column as text)`. */
  readonly select?: (column: Expression<unknown>) => Expression<unknown>
  /** How many of what is stored make a whole, where a decimal is stored as a whole number. */
  readonly unitsPerWhole?: number
}

/** Any tables: statements are built here from models, not from Kysely's types. */
// oxlint-disable-next-line typescript/no-explicit-any -- the tables are known at run time only
export type AnyTables = any

/** What a kind of database can do in one statement. */
export interface DialectFeatures {
  /** Whether these answer the rows that they changed. */
  readonly returning: { readonly insert: boolean; readonly update: boolean }
  readonly upsert: 'on conflict' | 'on duplicate key'
  /** Whether rows are locked one by one (`for update`), or a transaction locks all. */
  readonly rowLocks: boolean
  /** How many values one statement may have. */
  readonly maxValues: number
  /** How many values of a list are bound one by one, before it is one JSON value. Default: 64. */
  readonly maxBoundList?: number
}

/** What one kind of database has of its own; all that is not here is the same for all. */
export interface Dialect {
  readonly name: DialectName
  readonly features: DialectFeatures
  /** Compiles statements; never runs one. */
  readonly compiler: Kysely<AnyTables>
  /** @param name of the column, for messages */
  storageOf(name: string, type: ColumnType): Storage
  /** What a value that did not come through a model is bound as. @throws {DataError} */
  bindAny(value: unknown): SQLValue
  /** The statements that make tables, with their indexes, where there are none. Those that others refer to come first. */
  createTables(tables: readonly TableState[]): readonly string[]
  /** The statements that remove tables, with their rows; tables that are not there are left out. Those that refer to others come first. */
  dropTables(tables: readonly TableState[]): readonly string[]
  /** What stands for a limit where there is none, before an offset. */
  readonly noLimit: string
  /** A bound limit. */
  limit(value: number): Expression<number>
  /** A select of the values in `json`, the text of a list, to be compared with a column of this type. */
  selectFromJSON(json: Expression<unknown>, type: ColumnType): Expression<unknown>
  /** A number too big for JavaScript as text. */
  asText(value: Expression<unknown>): Expression<unknown>
  /** How an order is written, such that null comes first. */
  order(
    column: Expression<unknown>,
    isDescending: boolean,
    isNullable: boolean,
  ): Expression<unknown>
  /** Behind what an insert answers whose key was given, where the database does not count on from it by itself. */
  countFrom?(table: string, key: string): Expression<unknown>
  /** The value to compare with for a text operator, and the SQL around column and value. */
  textOperator(operator: TextOperator, value: string): string
  textOperatorSQL(operator: TextOperator): TextOperatorSQL
}

export type TextOperator = 'like' | 'contains' | 'startsWith'

/** How column and value stand in a text operator. */
export type TextOperatorSQL = { readonly infix: string } | { readonly call: string }
