import type { DialectName } from '../column_type.ts'
import type { AnyTables } from '../dialect.ts'
import type { Kysely } from 'kysely'
import type {
  CheckState,
  ColumnState,
  ForeignKeyState,
  IndexState,
  TableState,
  UniqueState,
} from '../ddl/table_state.ts'

/** What rows get that are there already: one value for all, or another one for each. */
export type Fill =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'distinct' }

/** A constraint of a table besides its primary key. */
export type ConstraintState =
  | ({ readonly kind: 'unique' } & UniqueState)
  | ({ readonly kind: 'check' } & CheckState)
  | ({ readonly kind: 'foreignKey' } & ForeignKeyState)

export interface AlterColumn {
  readonly kind: 'alterColumn'
  readonly table: string
  /** The column as it will be; it keeps its name. */
  readonly column: ColumnState
  /** What rows get that hold null, where none may any more. */
  readonly fill?: Fill
  /** What becomes of values that the column cannot hold any more. */
  readonly replace?: Readonly<Record<string, string | null>>
}

/** A change of tables, as plain data, the same for all databases. */
export type SchemaOperation =
  | { readonly kind: 'createTable'; readonly table: TableState }
  | { readonly kind: 'dropTable'; readonly table: string }
  | { readonly kind: 'renameTable'; readonly table: string; readonly to: string }
  | { readonly kind: 'commentTable'; readonly table: string; readonly comment: string | undefined }
  | {
      readonly kind: 'addColumn'
      readonly table: string
      readonly column: ColumnState
      readonly fill?: Fill
    }
  | { readonly kind: 'dropColumn'; readonly table: string; readonly column: string }
  | {
      readonly kind: 'renameColumn'
      readonly table: string
      readonly column: string
      readonly to: string
    }
  | AlterColumn
  | { readonly kind: 'setPrimaryKey'; readonly table: string; readonly columns: readonly string[] }
  | {
      readonly kind: 'addConstraint'
      readonly table: string
      readonly constraint: ConstraintState
    }
  | { readonly kind: 'dropConstraint'; readonly table: string; readonly name: string }
  | {
      readonly kind: 'createIndex'
      readonly table: string
      readonly index: IndexState
      readonly isConcurrent: boolean
    }
  | {
      readonly kind: 'dropIndex'
      readonly table: string
      readonly name: string
      readonly isConcurrent: boolean
    }
  /** Of a constraint or an index. */
  | {
      readonly kind: 'renameConstraint'
      readonly table: string
      readonly name: string
      readonly to: string
    }

/** SQL that is run as it is, where the database is one of these. The state of the tables does not know of it. */
export interface RawStep {
  readonly kind: 'sql'
  readonly sql: string | Readonly<Partial<Record<DialectName, string>>>
}

/** A change of rows by code. */
export interface DataStep {
  readonly kind: 'data'
  readonly description: string
  readonly run: (db: Kysely<AnyTables>) => unknown
}

/** Members added to an enumeration, or removed; an {@link AlterColumn} once the column is known. */
export interface ChangeEnum {
  readonly kind: 'changeEnum'
  readonly table: string
  readonly column: string
  readonly add: readonly string[]
  readonly replace: Readonly<Record<string, string | null>>
}

/** What a revision does in one direction is a list of these. */
export type Operation = SchemaOperation | ChangeEnum | RawStep | DataStep
