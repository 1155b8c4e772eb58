import { toKysely } from '../kysely_session.ts'
import type { Dialect, AnyTables } from '../dialect.ts'
import type { Executor, Fetched, Query, RawResult, SQLValue } from '../driver.ts'
import type { Kysely } from 'kysely'
import { describe } from './describe.ts'
import { MigrationError } from './errors.ts'
import type { RawStep } from './operation.ts'
import type { SchemaConnection } from './schema_connection.ts'
import { TableGraph } from '../table_graph.ts'
import { isSchemaStep, type Step } from './steps.ts'

/** Do one step. @throws {MigrationError} that says which one failed */
export async function runStep(connection: SchemaConnection, step: Step): Promise<void> {
  try {
    if (isSchemaStep(step)) await connection.apply(step)
    else if (step.operation.kind === 'data') await step.operation.run(kyselyOn(connection))
    else await runRaw(connection, step.operation)
  } catch (cause) {
    if (cause instanceof MigrationError) throw cause
    const message = cause instanceof Error ? cause.message : String(cause)
    throw new MigrationError(
      `It failed to ${describe(step.operation)}: ${message.replaceAll('_dewar_new_', '')}`,
      { cause },
    )
  }
}

/** What a raw step runs on one kind of database; undefined where it has nothing for it. */
export function rawText({ sql }: RawStep, { name }: Dialect): string | undefined {
  return typeof sql === 'string' ? sql : sql[name]
}

async function runRaw(connection: SchemaConnection, step: RawStep): Promise<void> {
  const text = rawText(step, connection.schema.dialect)
  if (text !== undefined) await connection.execute(text)
}

function kyselyOn(connection: SchemaConnection): Kysely<AnyTables> {
  const { dialect } = connection.schema
  return toKysely({ dialect, accessOf: () => 'write' }, new Rows(connection), NO_TABLES)
}

/** Data steps know tables as they are at that time, not as the models have them. */
const NO_TABLES = { graph: new TableGraph([]), tableNamed: () => undefined }

/** Runs the statements of data steps. */
class Rows implements Executor {
  readonly #connection: SchemaConnection

  constructor(connection: SchemaConnection) {
    this.#connection = connection
  }

  execute<Q extends Query>(query: Q, values: readonly SQLValue[]): Promise<Fetched[Q['fetch']]>
  execute({ sql }: Query, values: readonly SQLValue[]): Promise<RawResult> {
    return this.#connection.executeRaw(sql, values)
  }
}
