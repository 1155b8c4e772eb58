import type { ForeignKeyState, TableState } from '../ddl/table_state.ts'
import { MigrationError } from './errors.ts'
import { interpret } from './interpret.ts'
import type {
  AlterColumn,
  ChangeEnum,
  DataStep,
  Operation,
  RawStep,
  SchemaOperation,
} from './operation.ts'
import { columnIn, type Schema, tableIn } from './schema.ts'

/** A change of tables between two states of all of them. */
export interface SchemaStep {
  readonly operation: SchemaOperation
  readonly before: Schema
  readonly after: Schema
}

/** One operation with the state of the tables around it. */
export type Step =
  | SchemaStep
  | { readonly operation: RawStep | DataStep; readonly before: Schema; readonly after: Schema }

/**
 * Operations with the states between them, computed without a database.
 *
 * @throws {MigrationError} when one cannot be done at its place
 */
export function stepsOf(operations: readonly Operation[], schema: Schema): Step[] {
  let before = schema
  return operations.map((operation) => {
    if (operation.kind === 'sql' || operation.kind === 'data') {
      return { operation, before, after: before }
    }
    const resolved = resolve(operation, before)
    const step = { operation: resolved, before, after: interpret(resolved, before) }
    before = step.after
    return step
  })
}

/** The state after operations. */
export function schemaAfter(operations: readonly Operation[], schema: Schema): Schema {
  return stepsOf(operations, schema).at(-1)?.after ?? schema
}

export function isSchemaStep(step: Step): step is SchemaStep {
  return step.operation.kind !== 'sql' && step.operation.kind !== 'data'
}

/** Fill in what the operation leaves to the tables that are there. */
function resolve(operation: SchemaOperation | ChangeEnum, schema: Schema): SchemaOperation {
  if (operation.kind === 'changeEnum') return toAlterColumn(operation, schema)
  if (operation.kind === 'createTable') {
    const { table } = operation
    const foreignKeys = table.foreignKeys.map((each) => withTarget(each, schema, table))
    return { ...operation, table: { ...table, foreignKeys } }
  }
  if (operation.kind !== 'addConstraint' || operation.constraint.kind !== 'foreignKey') {
    return operation
  }
  const constraint = { kind: 'foreignKey', ...withTarget(operation.constraint, schema) } as const
  return { ...operation, constraint }
}

/** A foreign key that names no columns refers to the primary key. */
function withTarget(
  foreignKey: ForeignKeyState,
  schema: Schema,
  itself?: TableState,
): ForeignKeyState {
  const isSelf = itself?.name === foreignKey.table
  const { primaryKey } = isSelf ? itself : tableIn(schema, foreignKey.table)
  return foreignKey.refersTo.length > 0 ? foreignKey : { ...foreignKey, refersTo: primaryKey }
}

function toAlterColumn({ table, column, add, replace }: ChangeEnum, schema: Schema): AlterColumn {
  const state = columnIn(tableIn(schema, table), column)
  if (state.type.name !== 'enumeration') {
    throw new MigrationError(`"${table}.${column}" is no enumeration at this point.`)
  }
  const { values } = state.type
  const missing = Object.keys(replace).find((each) => !values.includes(each))
  if (missing !== undefined) {
    throw new MigrationError(`"${table}.${column}" has no member "${missing}" at this point.`)
  }
  const kept = values.filter((each) => !Object.hasOwn(replace, each) && !add.includes(each))
  const type = { name: 'enumeration', values: [...kept, ...add] } as const
  return { kind: 'alterColumn', table, column: { ...state, type }, replace }
}
