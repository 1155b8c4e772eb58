import { interpret } from './interpret.ts'
import type { SchemaOperation } from './operation.ts'
import { type Schema, tableIn } from './schema.ts'
import type { TableState } from '../ddl/table_state.ts'

/** What a person should know about a list of operations. */
export interface Notes {
  /** What nobody can bring back afterwards. */
  readonly lost: string[]
  /** What must hold of the rows, else it fails and changes nothing. */
  readonly needs: string[]
  /** What rows get that they did not have. */
  readonly fills: string[]
}

/** Operations so far, and the state that they lead to. */
export class Plan {
  readonly operations: SchemaOperation[] = []
  readonly notes: Notes = { lost: [], needs: [], fills: [] }
  #schema: Schema

  constructor(schema: Schema) {
    this.#schema = schema
  }

  get schema(): Schema {
    return this.#schema
  }

  table(name: string): TableState {
    return tableIn(this.#schema, name)
  }

  do(operation: SchemaOperation): void {
    this.#schema = interpret(operation, this.#schema)
    this.operations.push(operation)
  }
}
