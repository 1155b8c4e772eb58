import { z } from 'zod'
import type { ColumnType, DialectName } from './column_type.ts'
import { DatabaseDefault } from './database_default.ts'
import type { ReferentialAction } from './ddl/table_state.ts'

/** Whether an insert must name the column: it must, it need not, it has a constant default, the database numbers it. */
export type Presence = 'required' | 'optional' | 'default' | 'key'
/** What clients may do with the column: set and see it, only see it, only set it. Code may do both. */
export type Access = 'open' | 'readOnly' | 'writeOnly'

/** Makes a value for a statement. @param at the time of the statement, the same for all its columns */
export type MakeValue<T> = (at: Date) => T

/** A table that a column refers to, and one that is declared later: `'tasks'`, or `'tasks.number'` for another column than its key. */
export type ReferenceTarget = string | { readonly table: string; readonly key: string }

export interface ReferenceOptions {
  /** What becomes of this row when the one it refers to is deleted. Default: that is refused. */
  readonly onDelete?: ReferentialAction
  readonly onUpdate?: ReferentialAction
}

/** A foreign key of one column. */
export interface Reference extends ReferenceOptions {
  readonly table: string
  /** Undefined for the table's primary key. */
  readonly column: string | undefined
}

/** The name of a collation for each database. */
export type Collation = Readonly<Record<DialectName, string>>

interface ColumnParts<
  S extends z.ZodType,
  P extends Presence,
  A extends Access,
  K extends boolean,
> {
  readonly type: ColumnType
  readonly schema: S
  readonly presence: P
  readonly access: A
  readonly isPrimary: K
  readonly isNullable?: boolean
  readonly isUnique?: boolean
  readonly isIndexed?: boolean
  readonly isVersion?: boolean
  readonly initial?: unknown
  readonly onUpdate?: MakeValue<unknown>
  readonly reference?: Reference
  readonly collation?: Collation
  readonly comment?: string
}

/** One column of a {@link Model}. Its methods return changed copies. */
export class Column<
  S extends z.ZodType = z.ZodType,
  P extends Presence = Presence,
  A extends Access = Access,
  K extends boolean = boolean,
> {
  readonly type: ColumnType
  /** What a value must be; without defaults. */
  readonly schema: S
  readonly presence: P
  readonly access: A
  /** Whether it is the primary key, or one of its parts. */
  readonly isPrimary: K
  readonly isNullable: boolean
  readonly isUnique: boolean
  readonly isIndexed: boolean
  readonly isVersion: boolean
  /** The default: a value, a function that makes one, or a {@link DatabaseDefault}. */
  readonly initial: unknown
  readonly makeOnUpdate: MakeValue<unknown> | undefined
  readonly reference: Reference | undefined
  readonly collation: Collation | undefined
  readonly description: string | undefined
  readonly #parts: ColumnParts<S, P, A, K>

  constructor(parts: ColumnParts<S, P, A, K>) {
    this.#parts = parts
    this.type = parts.type
    this.schema = parts.schema
    this.presence = parts.presence
    this.access = parts.access
    this.isPrimary = parts.isPrimary
    this.isNullable = parts.isNullable ?? false
    this.isUnique = parts.isUnique ?? false
    this.isIndexed = parts.isIndexed ?? false
    this.isVersion = parts.isVersion ?? false
    this.initial = parts.initial
    this.makeOnUpdate = parts.onUpdate
    this.reference = parts.reference
    this.collation = parts.collation
    this.description = parts.comment
  }

  /** May hold null, and does where an insert does not say. */
  nullable(): Column<z.ZodNullable<S>, P extends 'required' ? 'optional' : P, A, K> {
    type Nullable = P extends 'required' ? 'optional' : P
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the condition in the type, evaluated
    const presence = (this.presence === 'required' ? 'optional' : this.presence) as Nullable
    return new Column({
      ...this.#parts,
      schema: z.nullable(this.schema),
      presence,
      isNullable: true,
    })
  }

  /** What an insert that does not say stores: a value, what a function such as {@link now} makes, or what the database makes. */
  default(value: MakeValue<z.output<S>> | DatabaseDefault): Column<S, 'optional', A, K>
  default(value: z.output<S>): Column<S, 'default', A, K>
  default(initial: unknown): Column<S, 'optional' | 'default', A, K> {
    const isMade = typeof initial === 'function' || initial instanceof DatabaseDefault
    return new Column({ ...this.#parts, presence: isMade ? 'optional' : 'default', initial })
  }

  /** Set anew by every update that does not set it itself. */
  onUpdate(make: MakeValue<z.output<S>>): Column<S, P, A, K> {
    return new Column({ ...this.#parts, onUpdate: make })
  }

  /** Clients may not set it: it is in no schema for input. Code may. */
  readOnly(): Column<S, P, 'readOnly', K> {
    return new Column({ ...this.#parts, access: 'readOnly' })
  }

  /** Clients never see it: it is in no schema for output, such as the hash of a password. */
  writeOnly(): Column<S, P, 'writeOnly', K> {
    return new Column({ ...this.#parts, access: 'writeOnly' })
  }

  /** The primary key; where several columns say so, all of them together. */
  primary(): Column<S, P, A, true> {
    return new Column({ ...this.#parts, isPrimary: true })
  }

  /** No two rows have the same value; null does not count. */
  unique(): Column<S, P, A, K> {
    return new Column({ ...this.#parts, isUnique: true })
  }

  /** Found fast. A model's option `indexes` has those of several columns. */
  index(): Column<S, P, A, K> {
    return new Column({ ...this.#parts, isIndexed: true })
  }

  /** Must be the key of a row there, or null. */
  references(target: ReferenceTarget, options: ReferenceOptions = {}): Column<S, P, A, K> {
    const [table = '', column] = typeof target === 'string' ? target.split('.') : [target.table]
    return new Column({ ...this.#parts, reference: { table, column, ...options } })
  }

  /** How text compares and sorts, by the names that the databases have for it. Default: by code point. */
  collate(collation: Collation): Column<S, P, A, K> {
    return new Column({ ...this.#parts, collation })
  }

  /** Kept in the database, where it has comments. */
  comment(comment: string): Column<S, P, A, K> {
    return new Column({ ...this.#parts, comment })
  }
}
