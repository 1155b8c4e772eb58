import { describe } from '../../../sql/migrate/describe.ts'
import { type Differences, diffBoth } from '../../../sql/migrate/diff.ts'
import { MigrationError } from '../../../sql/migrate/errors.ts'
import { type Notes } from '../../../sql/migrate/plan.ts'
import { type Proof, prove, type ProofRequest } from '../../../sql/migrate/proof/prove.ts'
import {
  askRenames,
  NO_RENAMES,
  parseRenames,
  possibleRenames,
  type Renames,
} from '../../../sql/migrate/renames.ts'
import type { RevisionSource } from '../../../sql/migrate/render.ts'
import type { Schema } from '../../../sql/migrate/schema.ts'
import { newRevisionId, tryRevision, writeRevision } from '../../../sql/migrate/write_revision.ts'
import type { MigrationFolder } from './migration_folder.ts'

export interface MakeRequest {
  readonly message: string
  /** What was renamed, as `--rename` has it. */
  readonly rename: string | undefined
  /** Write it even when it cannot be proven. */
  readonly force: boolean
  /** Also when nothing changed, to be filled in by hand. */
  readonly empty: boolean
  /** Of the rows of the proof. */
  readonly seed: number
  readonly print: (line: string) => void
  readonly ask: ((question: string) => Promise<string>) | undefined
}

/** Write the revision that leads from the last one to the models, once it is proven. @returns whether it is */
export async function makeRevision(
  folder: MigrationFolder,
  request: MakeRequest,
): Promise<boolean> {
  const { print, message, empty, force, seed } = request
  const { history } = await folder.read()
  const parents = history.revisions.length === 0 ? [] : [history.requireOneHead()]
  const from = history.schemaAt(parents)
  const renames = await findRenames(from, folder.wanted, request)
  const differences = diffBoth(from, folder.wanted, renames)
  const { up, down } = differences
  if (up.operations.length === 0 && !empty) {
    print('The migrations lead to what the models say: there is nothing to write.')
    return true
  }
  for (const operation of up.operations) print(`  ${describe(operation)}`)
  const plain = {
    id: newRevisionId(),
    parents,
    message,
    date: new Date().toISOString(),
    up: up.operations,
    down: down.operations,
    notes: notesOf(differences),
  }
  for (const note of plain.notes) print(`! ${note}`)
  const misread = await tryRevision(folder.dir, plain)
  const proof = await proveAll(folder, { from, up: plain.up, down: plain.down, seed }, print)
  const problems = [...(misread === undefined ? [] : [misread]), ...proof.problems]
  for (const problem of problems) print(`PROBLEM ${problem}`)
  if (problems.length > 0 && !force) {
    print('Not proven, so it was not written. To write it nevertheless: --force')
    return false
  }
  const source = { ...plain, notes: [...plain.notes, ...proof.notes] }
  print(`Written: ${await writeRevision(folder.dir, source)}`)
  return problems.length === 0
}

/** A revision that changes nothing and follows several others. @returns the path of its file */
export async function mergeHeads(folder: MigrationFolder, message: string): Promise<string> {
  const { history } = await folder.read()
  if (history.heads.length < 2) {
    throw new MigrationError(`There is nothing to merge: ${history.heads.length} head.`)
  }
  history.schemaAt(history.heads)
  const { heads } = history
  const source: RevisionSource = {
    id: newRevisionId(),
    parents: heads,
    message,
    date: new Date().toISOString(),
    up: [],
    down: [],
    notes: [],
  }
  return writeRevision(folder.dir, source)
}

async function findRenames(from: Schema, to: Schema, request: MakeRequest): Promise<Renames> {
  const { rename, ask, print } = request
  if (rename !== undefined) return parseRenames(rename, from, to)
  if (ask) return askRenames(from, to, async (question) => isYes(await ask(`${question} [y/N] `)))
  const possible = possibleRenames(from, to)
  if (possible.length > 0) {
    print(
      '! NOT ASKED about renames, as nobody sits here: what went is DROPPED, and what came is new.',
    )
    print(`! If it was renamed: --rename ${possible.join(',')}`)
  }
  return NO_RENAMES
}

function isYes(answer: string): boolean {
  return /^y(es)?$/i.test(answer.trim())
}

/** What the comment of the file says. */
function notesOf({ up, down }: Differences): string[] {
  return [...noteLines('Upgrade', up.notes), ...noteLines('Downgrade', down.notes)]
}

function noteLines(way: string, { lost, needs, fills }: Notes): string[] {
  return [
    ...lost.map((what) => `${way} LOSES ${what}.`),
    ...needs.map((what) => `${way} needs ${what}.`),
    ...fills.map((what) => `${way}: ${what}.`),
  ]
}

/** Prove it on each kind of database. */
export async function proveAll(
  folder: MigrationFolder,
  request: ProofRequest,
  print: (line: string) => void,
): Promise<{ readonly problems: readonly string[]; readonly notes: readonly string[] }> {
  const problems: string[] = []
  const notes: string[] = []
  await folder.forEachProof(async (connection) => {
    const { name } = connection.schema.dialect
    const proof = await prove(() => connection.openScratch(), request)
    problems.push(...proof.problems.map((problem) => `on ${name}: ${problem}`))
    const lines = proofLines(name, proof, request.seed)
    notes.push(...lines)
    for (const line of lines) print(line)
  })
  return { problems, notes }
}

function proofLines(name: string, { rows, emptied, problems }: Proof, seed: number): string[] {
  const verdict = problems.length === 0 ? 'Proven' : 'NOT PROVEN'
  return [
    `${verdict} on ${name}: up, down and up again with ${rows} rows (seed ${seed}).`,
    ...[...emptied].map(([table, why]) => `There ${table} had no rows, as they do not fit: ${why}`),
  ]
}
