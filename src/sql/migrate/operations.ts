import type { Kysely } from 'kysely'
import type { Column } from '../column.ts'
import type { DialectName, SQLText } from '../column_type.ts'
import { columnStateOf, nameOf } from '../ddl/state_of.ts'
import type { AnyTables } from '../dialect.ts'
import type { Columns } from '../model.ts'
import { MigrationError } from './errors.ts'
import type { Fill, Operation } from './operation.ts'
import {
  constraintsOf,
  type ForeignKeyDefinition,
  type IndexDefinition,
  type TableDefinition,
  tableFrom,
  toForeignKey,
  toIndex,
  toUnique,
} from './table_from.ts'

/** Stands for a value of its own in each row: numbers, or texts made of them. */
export const distinct: unique symbol = Symbol('distinct')

export interface FillOptions {
  /** What rows get that are there already; {@link distinct} for another value in each. */
  readonly fill?: unknown
}

export interface AlterOptions extends FillOptions {
  /** What becomes of members of an enumeration that are no more. */
  readonly replace?: Readonly<Record<string, string | null>>
}

export interface IndexOptions extends Omit<IndexDefinition, 'columns'> {
  /** On PostgreSQL: without stopping writes, and outside of the transaction. */
  readonly concurrently?: boolean
}

/** Writes down what a revision does. Nothing is done while it is written. */
export class Operations {
  readonly #log: Operation[] = []

  /** What was written down, in order. */
  get log(): readonly Operation[] {
    return this.#log
  }

  createTable(name: string, columns: Columns, definition?: TableDefinition): void {
    this.#log.push({ kind: 'createTable', table: tableFrom(name, columns, definition) })
  }

  /** With all its rows. */
  dropTable(table: string): void {
    this.#log.push({ kind: 'dropTable', table })
  }

  renameTable(table: string, to: string): void {
    this.#log.push({ kind: 'renameTable', table, to })
  }

  /** @param comment none takes away what there is */
  commentTable(table: string, comment?: string): void {
    this.#log.push({ kind: 'commentTable', table, comment })
  }

  /** Rows that are there get `fill`, else the default, else null. What the column says of uniqueness, indexes and references is added too. */
  addColumn(table: string, name: string, column: Column, options: FillOptions = {}): void {
    const state = columnStateOf(name, column)
    this.#log.push({ kind: 'addColumn', table, column: state, ...toFill(options) })
    const { uniques, indexes, foreignKeys } = constraintsOf(table, name, { [name]: column })
    for (const each of uniques) this.#constrain(table, { kind: 'unique', ...each })
    for (const each of foreignKeys) this.#constrain(table, { kind: 'foreignKey', ...each })
    for (const index of indexes) {
      this.#log.push({ kind: 'createIndex', table, index, isConcurrent: false })
    }
  }

  /** With its values. Constraints and indexes that it is part of must be dropped before. */
  dropColumn(table: string, column: string): void {
    this.#log.push({ kind: 'dropColumn', table, column })
  }

  renameColumn(table: string, column: string, to: string): void {
    this.#log.push({ kind: 'renameColumn', table, column, to })
  }

  /** @param column what it will be as a whole; uniqueness, indexes and references have operations of their own */
  alterColumn(table: string, name: string, column: Column, options: AlterOptions = {}): void {
    const { replace } = options
    this.#log.push({
      kind: 'alterColumn',
      table,
      column: columnStateOf(name, column),
      ...toFill(options),
      ...(replace && { replace }),
    })
  }

  /** The enumeration may hold `members` too. */
  addEnumMembers(table: string, column: string, members: readonly string[]): void {
    this.#log.push({ kind: 'changeEnum', table, column, add: members, replace: {} })
  }

  /** @param replace each member that goes, and what rows get that hold it */
  removeEnumMembers(
    table: string,
    column: string,
    replace: Readonly<Record<string, string | null>>,
  ): void {
    this.#log.push({ kind: 'changeEnum', table, column, add: [], replace })
  }

  setPrimaryKey(table: string, columns: readonly string[]): void {
    this.#log.push({ kind: 'setPrimaryKey', table, columns })
  }

  addUnique(
    table: string,
    columns: readonly string[],
    options: { readonly name?: string } = {},
  ): void {
    this.#constrain(table, { kind: 'unique', ...toUnique(table, { columns, ...options }) })
  }

  /** @param name the whole name of the constraint @param sql holds for every row */
  addCheck(table: string, name: string, sql: SQLText): void {
    this.#constrain(table, { kind: 'check', name, sql })
  }

  addForeignKey(
    table: string,
    columns: readonly string[],
    target: string,
    options: Omit<ForeignKeyDefinition, 'columns' | 'table'> = {},
  ): void {
    const foreignKey = toForeignKey(table, { ...options, columns, table: target })
    this.#constrain(table, { kind: 'foreignKey', ...foreignKey })
  }

  /** Drop a unique constraint, a check or a foreign key. */
  dropConstraint(table: string, name: string): void {
    this.#log.push({ kind: 'dropConstraint', table, name })
  }

  /** Rename a constraint or an index. */
  renameConstraint(table: string, name: string, to: string): void {
    this.#log.push({ kind: 'renameConstraint', table, name, to })
  }

  /** @param columns with `-` before those in descending order */
  createIndex(table: string, columns: readonly string[], options: IndexOptions = {}): void {
    const { concurrently = false, ...rest } = options
    const index = toIndex(table, { columns, ...rest })
    this.#log.push({ kind: 'createIndex', table, index, isConcurrent: concurrently })
  }

  /** @param name or the columns, when it has the usual name */
  dropIndex(
    table: string,
    name: string | readonly string[],
    { concurrently = false }: Pick<IndexOptions, 'concurrently'> = {},
  ): void {
    const plain = typeof name === 'string' ? name : nameOf('ix', table, name)
    this.#log.push({ kind: 'dropIndex', table, name: plain, isConcurrent: concurrently })
  }

  /** Run SQL as it is: on all databases, or on those that are named. It must not change what the operations above describe. */
  sql(sql: string | Readonly<Partial<Record<DialectName, string>>>): void {
    this.#log.push({ kind: 'sql', sql })
  }

  /** Change rows by code. It may run again when the process dies in it, unless the database undoes it. */
  data(description: string, run: (db: Kysely<AnyTables>) => unknown): void {
    this.#log.push({ kind: 'data', description, run })
  }

  #constrain(
    table: string,
    constraint: Extract<Operation, { kind: 'addConstraint' }>['constraint'],
  ): void {
    this.#log.push({ kind: 'addConstraint', table, constraint })
  }
}

/** What a revision's function wrote down. @throws {MigrationError} when it is asynchronous */
export function logOf(write: (op: Operations) => void): readonly Operation[] {
  const operations = new Operations()
  const result: unknown = write(operations)
  if (result instanceof Promise) {
    throw new MigrationError(
      'upgrade() and downgrade() write operations down, at once; what waits belongs in op.data().',
    )
  }
  return operations.log
}

function toFill(options: FillOptions): { fill?: Fill } {
  if (!('fill' in options)) return {}
  const { fill } = options
  return { fill: fill === distinct ? { kind: 'distinct' } : { kind: 'value', value: fill } }
}
