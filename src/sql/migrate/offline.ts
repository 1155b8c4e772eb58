import { describe } from './describe.ts'
import type { History } from './history.ts'
import type { Direction } from './journal.ts'
import { stepsWithin } from './migrator.ts'
import type { Revision } from './revision.ts'
import { rawText } from './run_step.ts'
import type { SchemaDialect } from './schema_connection.ts'
import { isSchemaStep, type Step } from './steps.ts'
import { headsWith, headsWithout, nextDown, nextUp, type Target } from './target.ts'
import { CREATE_VERSION_TABLE, moveHeads } from './version_table.ts'

/** What to tell a database so that it goes from some revisions to others, as text for somebody to run. */
export interface OfflineRequest {
  readonly direction: Direction
  readonly from: Target
  readonly to: Target
}

/** The text of the statements, without a database. */
export function offlineText(
  history: History,
  schema: SchemaDialect,
  { direction, from, to }: OfflineRequest,
): string[] {
  const lines: string[] = []
  const { next, move } = WAYS[direction]
  let heads = from
  for (let revision = next(history, heads, to); revision; revision = next(history, heads, to)) {
    const moved = move(history, heads, revision)
    lines.push(...revisionText(stepsWithin(history, direction, revision, heads), schema, revision))
    lines.push(...[CREATE_VERSION_TABLE, ...moveHeads(heads, moved)].map(toLine), ...ends(schema))
    heads = moved
  }
  return lines
}

const WAYS = {
  upgrade: { next: nextUp, move: headsWith },
  downgrade: { next: nextDown, move: headsWithout },
} as const

function revisionText(
  steps: readonly Step[],
  schema: SchemaDialect,
  { id, message }: Revision,
): string[] {
  return [
    `-- ${id}: ${message}`,
    ...begins(schema),
    ...steps.flatMap((step) => stepText(step, schema)),
  ]
}

function stepText(step: Step, schema: SchemaDialect): string[] {
  if (isSchemaStep(step)) return schema.statements(step).map(toLine)
  if (step.operation.kind === 'data') {
    return [`-- TO DO BY HAND: ${describe(step.operation)} (code, which has no text)`]
  }
  const text = rawText(step.operation, schema.dialect)
  return text === undefined ? [] : [toLine(text.replace(/;\s*$/, ''))]
}

function begins({ isTransactional, dialect }: SchemaDialect): string[] {
  const off = dialect.name === 'sqlite' ? ['pragma foreign_keys = off;'] : []
  return isTransactional ? [...off, 'begin;'] : []
}

function ends({ isTransactional, dialect }: SchemaDialect): string[] {
  if (!isTransactional) return ['']
  return dialect.name === 'sqlite' ? ['pragma foreign_key_check;', 'commit;', ''] : ['commit;', '']
}

function toLine(sql: string): string {
  return `${sql};`
}
