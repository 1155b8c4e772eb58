import type { TableState } from '../../ddl/table_state.ts'
import type { Operation } from '../operation.ts'
import { runStep } from '../run_step.ts'
import type { Schema } from '../schema.ts'
import type { SchemaConnection } from '../schema_connection.ts'
import { isSchemaStep, stepsOf } from '../steps.ts'
import { createAll, readRows, type StoredValues, toText } from './rows.ts'
import { differencesOf } from './same_tables.ts'
import { seedRows } from './seed.ts'
import { traceOf } from './trace.ts'

/** What is to be proven: that one list of operations leads from one state to another, and another list back. */
export interface ProofRequest {
  readonly from: Schema
  readonly up: readonly Operation[]
  readonly down: readonly Operation[]
  /** Of the rows. */
  readonly seed: number
}

export interface Proof {
  /** How many rows went there and back. */
  readonly rows: number
  /** Tables that had to be empty, and why. */
  readonly emptied: ReadonlyMap<string, string>
  /** Why it is no proof; none where it is one. */
  readonly problems: readonly string[]
}

/**
 * Go there, back and there again in empty databases, with rows.
 *
 * Rows that the operations refuse, as they may, are left away, and that is said.
 */
export async function prove(
  openScratch: () => Promise<SchemaConnection>,
  request: ProofRequest,
): Promise<Proof> {
  const emptied = new Map<string, string>()
  for (;;) {
    const attempt = await withScratch(openScratch, (connection) =>
      withScratch(openScratch, (other) => tryOnce(connection, other, request, emptied)),
    ).catch((error: unknown): Attempt => ({ rows: 0, problems: [messageOf(error)] }))
    if (!attempt.refused) return { rows: attempt.rows, emptied, problems: attempt.problems }
    const { tables, why } = attempt.refused
    const fresh = tables.filter((table) => !emptied.has(table))
    if (fresh.length === 0) return { rows: attempt.rows, emptied, problems: [why] }
    for (const table of fresh) emptied.set(table, why)
  }
}

interface Attempt {
  readonly rows: number
  readonly problems: readonly string[]
  readonly refused?: { readonly tables: readonly string[]; readonly why: string }
}

async function tryOnce(
  connection: SchemaConnection,
  other: SchemaConnection,
  request: ProofRequest,
  emptied: ReadonlyMap<string, string>,
): Promise<Attempt> {
  const { from, up, down, seed } = request
  const steps = stepsOf(up, from)
  const to = steps.at(-1)?.after ?? from
  const { renames, lost } = traceOf(steps, from)
  await createAll(connection, [...from.values()])
  await createAll(other, [...to.values()])
  const wanted = await other.introspect()
  const rows = await seedRows(connection, {
    from,
    to,
    renames,
    seed,
    empty: new Set(emptied.keys()),
  })
  const before = await snapshot(connection, from)
  const problems: string[] = []
  for (const [operations, start, label] of [
    [up, from, 'up'],
    [down, to, 'down'],
    [up, from, 'up again'],
  ] as const) {
    const refused = await applyAll(connection, operations, start, from)
    if (refused) return { rows, problems, refused: { ...refused, why: `${label}: ${refused.why}` } }
    const isBack = operations === down
    const expected = isBack ? before.tables : wanted
    const differences = differencesOf(await connection.introspect(), expected)
    problems.push(...differences.map((text) => `${label}: ${text}`))
    if (isBack)
      problems.push(...rowDifferences(before, await snapshot(connection, from), from, lost))
    if (problems.length > 0) break
  }
  return { rows, problems }
}

/** Do all in one transaction. @returns which tables' rows are in the way, if any */
async function applyAll(
  connection: SchemaConnection,
  operations: readonly Operation[],
  start: Schema,
  from: Schema,
): Promise<{ readonly tables: readonly string[]; readonly why: string } | undefined> {
  const steps = stepsOf(operations, start)
  let current: string | undefined = undefined
  const isWhole = connection.schema.isTransactional
  if (isWhole) await connection.begin(() => {})
  try {
    for (const step of steps) {
      if (!isSchemaStep(step)) continue
      const { operation } = step
      current = operation.kind === 'createTable' ? operation.table.name : operation.table
      await runStep(connection, step)
    }
    current = undefined
    await connection.verify(steps.filter(isSchemaStep))
    if (isWhole) await connection.commit()
    return undefined
  } catch (error) {
    if (isWhole) await connection.rollback()
    const why = messageOf(error)
    const isOld = current !== undefined && from.has(current)
    return { tables: isOld && current !== undefined ? [current] : [...from.keys()], why }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

interface Snapshot {
  readonly tables: readonly TableState[]
  readonly rows: ReadonlyMap<string, readonly StoredValues[]>
}

async function snapshot(connection: SchemaConnection, schema: Schema): Promise<Snapshot> {
  const rows = new Map<string, readonly StoredValues[]>()
  for (const table of schema.values()) rows.set(table.name, await readRows(connection, table))
  return { tables: await connection.introspect(), rows }
}

/** Rows must come back as they were, but for the columns that are lost. */
function rowDifferences(
  before: Snapshot,
  after: Snapshot,
  from: Schema,
  lost: ReadonlySet<string>,
): string[] {
  return [...from.values()].flatMap((table) => {
    const columns = table.columns.filter(({ name }) => !lost.has(`${table.name}.${name}`))
    if (columns.length === 0) return []
    const toLines = ({ rows }: Snapshot) =>
      (rows.get(table.name) ?? [])
        .map((row) => columns.map(({ name }) => toText(row[name])).join(', '))
        .toSorted()
    const [was, is] = [toLines(before), toLines(after)]
    if (was.length !== is.length)
      return [`down: ${table.name} has ${is.length} rows, not ${was.length}`]
    const i = was.findIndex((line, at) => line !== is[at])
    return i === -1 ? [] : [`down: a row of ${table.name} is ${is[i]}, not ${was[i]}`]
  })
}

async function withScratch<T>(
  openScratch: () => Promise<SchemaConnection>,
  work: (connection: SchemaConnection) => Promise<T>,
): Promise<T> {
  const connection = await openScratch()
  try {
    return await work(connection)
  } finally {
    await connection.close()
  }
}
