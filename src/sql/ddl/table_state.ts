import type { ColumnType, DialectName, SQLText } from '../column_type.ts'

/** What a foreign key does when the row that it refers to is deleted, or its key changes. */
export type ReferentialAction = 'restrict' | 'cascade' | 'set null' | 'no action'

export type DefaultState =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'expression'; readonly sql: SQLText }

export interface ColumnState {
  readonly name: string
  readonly type: ColumnType
  readonly isNullable: boolean
  /** Whether the database gives numbers from 1, none of them twice. */
  readonly isAuto: boolean
  readonly default?: DefaultState
  /** The name of a collation in each database; text without one compares by code point. */
  readonly collation?: Readonly<Record<DialectName, string>>
  readonly comment?: string
}

export interface UniqueState {
  readonly name: string
  readonly columns: readonly string[]
}

export interface IndexState extends UniqueState {
  /** Names, with `-` before those in descending order. */
  readonly columns: readonly string[]
  readonly isUnique: boolean
  /** Only rows for which this holds; a database without partial indexes has none of it. */
  readonly where?: SQLText
}

export interface CheckState {
  readonly name: string
  readonly sql: SQLText
}

export interface ForeignKeyState {
  readonly name: string
  readonly columns: readonly string[]
  readonly table: string
  readonly refersTo: readonly string[]
  readonly onDelete: ReferentialAction
  readonly onUpdate: ReferentialAction
}

/** A table as plain data, the same for all databases: models give one, migrations change one, dialects write it as SQL. */
export interface TableState {
  readonly name: string
  readonly columns: readonly ColumnState[]
  readonly primaryKey: readonly string[]
  readonly uniques: readonly UniqueState[]
  readonly indexes: readonly IndexState[]
  readonly checks: readonly CheckState[]
  readonly foreignKeys: readonly ForeignKeyState[]
  readonly comment?: string
}
