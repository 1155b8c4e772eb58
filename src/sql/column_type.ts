/** The kinds of databases that models are for. */
export type DialectName = 'sqlite' | 'postgresql' | 'mariadb'

type PlainName =
  | 'integer'
  | 'bigint'
  | 'float'
  | 'text'
  | 'boolean'
  | 'datetime'
  | 'date'
  | 'time'
  | 'uuid'
  | 'json'
  | 'binary'

/** What a column holds, whatever the database. Plain data: migrations keep it in files. */
export type ColumnType =
  | { readonly [Name in PlainName]: { readonly name: Name } }[PlainName]
  | { readonly name: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly name: 'string'; readonly maxLength: number }
  | { readonly name: 'enumeration'; readonly values: readonly string[] }

export type ColumnTypeName = ColumnType['name']

/** The type of one kind, with its parameters. */
export type ColumnTypeOf<Name extends ColumnTypeName> = Extract<ColumnType, { name: Name }>

/** SQL that is the same for all databases, or the text for each. */
export type SQLText = string | Readonly<Record<DialectName, string>>

/** The text of `sql` for one database. */
export function textFor(dialect: DialectName, sql: SQLText): string {
  return typeof sql === 'string' ? sql : sql[dialect]
}
