import type { SQLText } from '../column_type.ts'
import { columnStateOf, nameOf } from '../ddl/state_of.ts'
import type {
  ForeignKeyState,
  IndexState,
  ReferentialAction,
  TableState,
  UniqueState,
} from '../ddl/table_state.ts'
import type { Columns } from '../model.ts'
import { MigrationError } from './errors.ts'

interface Named {
  /** Default: made of the table and the columns, as for models. */
  readonly name?: string
}

export interface UniqueDefinition extends Named {
  readonly columns: readonly string[]
}

export interface IndexDefinition extends UniqueDefinition {
  readonly unique?: boolean
  /** Only rows for which this SQL holds; MariaDB has none of it. */
  readonly where?: SQLText
}

export interface ForeignKeyDefinition extends UniqueDefinition {
  readonly table: string
  /** Default: the primary key of the table. */
  readonly refersTo?: readonly string[]
  readonly onDelete?: ReferentialAction
  readonly onUpdate?: ReferentialAction
}

/** What a table has besides columns. */
export interface TableDefinition {
  /** Default: the columns that say `primary()`. */
  readonly primaryKey?: readonly string[]
  readonly uniques?: readonly UniqueDefinition[]
  readonly indexes?: readonly IndexDefinition[]
  /** SQL that holds for every row, by the whole name of the constraint. */
  readonly checks?: Readonly<Record<string, SQLText>>
  readonly foreignKeys?: readonly ForeignKeyDefinition[]
  readonly comment?: string
}

/** A table as plain data, from how a revision writes it. */
export function tableFrom(
  name: string,
  columns: Columns,
  definition: TableDefinition = {},
): TableState {
  const { uniques = [], indexes = [], checks = {}, foreignKeys = [], comment } = definition
  const entries = Object.entries(columns)
  const primaryKey =
    definition.primaryKey ?? entries.filter(([, each]) => each.isPrimary).map(([each]) => each)
  if (primaryKey.length === 0) {
    throw new MigrationError(
      `The table "${name}" needs a primary key: an id(), or primary() columns.`,
    )
  }
  const singles = entries.map(([each]) => constraintsOf(name, each, columns))
  return {
    name,
    columns: entries.map(([each, column]) => columnStateOf(each, column)),
    primaryKey,
    uniques: [
      ...singles.flatMap((each) => each.uniques),
      ...uniques.map((each) => toUnique(name, each)),
    ],
    indexes: [
      ...singles.flatMap((each) => each.indexes),
      ...indexes.map((each) => toIndex(name, each)),
    ],
    checks: Object.entries(checks).map(([each, sql]) => ({ name: each, sql })),
    foreignKeys: [
      ...singles.flatMap((each) => each.foreignKeys),
      ...foreignKeys.map((each) => toForeignKey(name, each)),
    ],
    ...(comment !== undefined && { comment }),
  }
}

/** What a column says of itself that is the table's: unique, indexed, a reference. */
export function constraintsOf(
  table: string,
  name: string,
  columns: Columns,
): Pick<TableState, 'uniques' | 'indexes' | 'foreignKeys'> {
  const column = columns[name]
  const unique = column?.isUnique ? [toUnique(table, { columns: [name] })] : []
  const index = column?.isIndexed && !column.isUnique ? [toIndex(table, { columns: [name] })] : []
  if (!column?.reference) return { uniques: unique, indexes: index, foreignKeys: [] }
  const { column: target, ...rest } = column.reference
  const foreignKey = {
    ...rest,
    columns: [name],
    ...(target !== undefined && { refersTo: [target] }),
  }
  return { uniques: unique, indexes: index, foreignKeys: [toForeignKey(table, foreignKey)] }
}

export function toUnique(table: string, { columns, name }: UniqueDefinition): UniqueState {
  return { name: name ?? nameOf('uq', table, columns), columns }
}

export function toIndex(
  table: string,
  { columns, name, unique = false, where }: IndexDefinition,
): IndexState {
  return {
    name: name ?? nameOf('ix', table, columns),
    columns,
    isUnique: unique,
    ...(where !== undefined && { where }),
  }
}

/** No columns in `refersTo` stand for the primary key, which is not known here. */
export function toForeignKey(table: string, definition: ForeignKeyDefinition): ForeignKeyState {
  const {
    columns,
    name,
    refersTo = [],
    onDelete = 'no action',
    onUpdate = 'no action',
  } = definition
  return {
    name: name ?? nameOf('fk', table, columns),
    columns,
    table: definition.table,
    refersTo,
    onDelete,
    onUpdate,
  }
}
