import type { ColumnState, TableState } from '../ddl/table_state.ts'
import { describe } from './describe.ts'
import { MigrationError } from './errors.ts'
import type { SchemaOperation } from './operation.ts'
import type { Revision } from './revision.ts'
import type { SchemaConnection } from './schema_connection.ts'
import { isSchemaStep, type Step } from './steps.ts'

const JOURNAL = 'dewar_migration_steps'

export type Direction = 'upgrade' | 'downgrade'

const CREATE_JOURNAL = `create table if not exists ${JOURNAL} (
  revision varchar(40) not null,
  direction varchar(10) not null,
  step integer not null,
  what varchar(200) not null,
  state varchar(10) not null,
  primary key (revision, step)
)`

/** What to do with SQL of which nobody knows whether it was run. */
export type InDoubt = 'redo' | 'skip' | undefined

/** A revision that was not finished. */
export interface Unfinished {
  readonly revision: string
  readonly direction: Direction
  /** How many of its steps are done. */
  readonly done: number
  /** What was begun, and perhaps done. */
  readonly inDoubt: string | undefined
}

/** The revision that a database is in the middle of, which only one without transactions for tables can be. */
export async function readUnfinished(
  connection: SchemaConnection,
): Promise<Unfinished | undefined> {
  if (!(await connection.hasTable(JOURNAL))) return undefined
  const rows = await connection.execute(
    `select revision, direction, what, state from ${JOURNAL} order by step`,
  )
  const [first] = rows
  if (!first) return undefined
  const begun = rows.find(([, , , state]) => state === 'begun')
  return {
    revision: String(first[0]),
    direction: first[1] === 'upgrade' ? 'upgrade' : 'downgrade',
    done: rows.filter(([, , , state]) => state === 'done').length,
    inDoubt: begun && String(begun[2]),
  }
}

/** Writes down each step of a revision before and after it, where a crash does not undo what was done. */
export class Journal {
  readonly #connection: SchemaConnection
  readonly #revision: Revision
  readonly #direction: Direction

  constructor(connection: SchemaConnection, revision: Revision, direction: Direction) {
    this.#connection = connection
    this.#revision = revision
    this.#direction = direction
  }

  /**
   * Do the steps that are not done yet.
   *
   * @throws {MigrationError} when one is in doubt that cannot be decided
   */
  async run(
    steps: readonly Step[],
    inDoubt: InDoubt,
    perform: (step: Step) => Promise<void>,
  ): Promise<void> {
    await this.#connection.execute(CREATE_JOURNAL)
    const states = await this.#states()
    for (const [i, step] of steps.entries()) {
      const known = states.get(i)
      if (known === 'done') continue
      if (known === 'begun' && (await this.#isDone(step, inDoubt))) {
        await this.#finish(i)
        continue
      }
      await this.#perform(i, step, perform)
    }
  }

  /** Statements to run together with the change of the version, at the end. */
  get forget(): string {
    return `delete from ${JOURNAL} where revision = '${this.#revision.id}'`
  }

  async #perform(i: number, step: Step, perform: (step: Step) => Promise<void>): Promise<void> {
    // Rows are changed in a transaction, so that such a step is never in doubt.
    const isData = step.operation.kind === 'data'
    if (!isData) await this.#write(i, step, 'begun')
    if (isData) await this.#connection.begin(() => {})
    try {
      await perform(step)
      if (isData) await this.#write(i, step, 'done')
      else await this.#finish(i)
      if (isData) await this.#connection.commit()
    } catch (error) {
      if (isData) await this.#connection.rollback()
      throw error
    }
  }

  async #isDone(step: Step, inDoubt: InDoubt): Promise<boolean> {
    if (isSchemaStep(step)) return isApplied(step.operation, await this.#connection.introspect())
    if (inDoubt) return inDoubt === 'skip'
    throw new MigrationError(
      `The process died while it did this, and nobody knows how far it came: ${describe(step.operation)}. ` +
        'Look, then say --redo to run it again, or --skip to go on after it.',
    )
  }

  async #states(): Promise<ReadonlyMap<number, string>> {
    const rows = await this.#connection.execute(
      `select step, state from ${JOURNAL} where revision = '${this.#revision.id}'`,
    )
    return new Map(rows.map(([step, state]) => [Number(step), String(state)]))
  }

  async #write(i: number, { operation }: Step, state: 'begun' | 'done'): Promise<void> {
    const id = this.#revision.id
    const what = describe(operation).slice(0, 200).replaceAll("'", "''").replaceAll('\\', '/')
    await this.#connection.execute(
      `delete from ${JOURNAL} where revision = '${id}' and step = ${i}`,
    )
    await this.#connection.execute(
      `insert into ${JOURNAL} (revision, direction, step, what, state)
       values ('${id}', '${this.#direction}', ${i}, '${what}', '${state}')`,
    )
  }

  /** One statement, so that a step that was begun is never unknown. */
  async #finish(i: number): Promise<void> {
    await this.#connection.execute(
      `update ${JOURNAL} set state = 'done' where revision = '${this.#revision.id}' and step = ${i}`,
    )
  }
}

/** Whether the tables are as they are after the operation. What may be done twice is said to be not. */
function isApplied(operation: SchemaOperation, tables: readonly TableState[]): boolean {
  const find = (name: string) => tables.find((each) => each.name === name)
  if (operation.kind === 'createTable') return find(operation.table.name) !== undefined
  const table = find(operation.table)
  const hasColumn = (name: string) => table?.columns.some((each) => each.name === name) ?? false
  switch (operation.kind) {
    case 'dropTable':
      return table === undefined
    case 'renameTable':
      return table === undefined && find(operation.to) !== undefined
    case 'addColumn':
      return table?.columns.some((each) => isFinished(each, operation.column)) ?? false
    case 'dropColumn':
      return !hasColumn(operation.column)
    case 'renameColumn':
      return hasColumn(operation.to)
    case 'setPrimaryKey':
      return String(table?.primaryKey) === String(operation.columns)
    case 'addConstraint':
      return namesOf(table).has(operation.constraint.name)
    case 'createIndex':
      return namesOf(table).has(operation.index.name)
    case 'dropConstraint':
    case 'dropIndex':
      return !namesOf(table).has(operation.name)
    case 'renameConstraint':
      return namesOf(table).has(operation.to)
    default:
      return false
  }
}

/** A column that rows get values in is first added in another form. */
function isFinished(found: ColumnState, column: ColumnState): boolean {
  return (
    found.name === column.name &&
    found.isNullable === column.isNullable &&
    (found.default === undefined) === (column.default === undefined)
  )
}

function namesOf(table: TableState | undefined): ReadonlySet<string> {
  if (!table) return new Set()
  const { uniques, indexes, checks, foreignKeys } = table
  return new Set(
    [uniques, indexes, checks, foreignKeys].flatMap((list) => list.map((each) => each.name)),
  )
}
