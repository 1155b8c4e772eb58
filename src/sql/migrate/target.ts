import { MigrationError } from './errors.ts'
import type { History } from './history.ts'
import type { Revision } from './revision.ts'

/** Where a database goes: the revisions that it has in the end are these and all before them. */
export type Target = readonly string[]

/**
 * Where an upgrade leads.
 *
 * @param text `head` (the default), `heads`, `+2`, or a revision
 * @throws {MigrationError} when it is unknown, ambiguous, or there are several heads
 */
export function upgradeTarget(history: History, current: Target, text = 'head'): Target {
  if (text === 'heads') return history.heads
  const [, count] = /^\+(\d+)$/.exec(text) ?? []
  if (count === undefined) return [history.find(text).id]
  history.requireOneHead()
  const applied = idsOf(history.upTo(current))
  const pending = history.revisions.filter(({ id }) => !applied.has(id))
  if (pending.length < Number(count)) {
    throw new MigrationError(`There are ${pending.length} revisions left, not ${count}.`)
  }
  return history.headsOf([...history.upTo(current), ...pending.slice(0, Number(count))])
}

/**
 * Where a downgrade leads.
 *
 * @param text `base`, `-1`, or a revision that the database has
 * @throws {MigrationError} when it is unknown, ambiguous, or the database does not have it
 */
export function downgradeTarget(history: History, current: Target, text: string): Target {
  const applied = history.upTo(current)
  if (text === 'base') return []
  const [, count] = /^-(\d+)$/.exec(text) ?? []
  if (count === undefined) return [findApplied(history, applied, text).id]
  if (applied.length < Number(count)) {
    throw new MigrationError(`The database has ${applied.length} revisions, not ${count}.`)
  }
  const kept = applied.slice(0, applied.length - Number(count))
  if (current.length > 1) {
    const heads = current.map((id) => history.labelOf(id)).join('; ')
    throw new MigrationError(
      `The database has several heads: ${heads}. Name the revision to go to.`,
    )
  }
  return history.headsOf(kept)
}

function findApplied(history: History, applied: readonly Revision[], text: string): Revision {
  const revision = history.find(text)
  if (applied.includes(revision)) return revision
  const known = applied.toReversed().map(({ id }) => `  ${history.labelOf(id)}`)
  throw new MigrationError(
    `The database does not have ${history.labelOf(revision.id)}. It has:\n${known.join('\n') || '  none'}`,
  )
}

/** The next revision to apply, if any. */
export function nextUp(history: History, current: Target, target: Target): Revision | undefined {
  const applied = idsOf(history.upTo(current))
  return history.upTo(target).find(({ id }) => !applied.has(id))
}

/** The next revision to take back, if any. */
export function nextDown(history: History, current: Target, target: Target): Revision | undefined {
  const kept = idsOf(history.upTo(target))
  return history.upTo(current).findLast(({ id }) => !kept.has(id))
}

/** The heads once `revision` is applied, or taken back. */
export function headsWith(history: History, current: Target, revision: Revision): Target {
  return history.headsOf([...history.upTo(current), revision])
}

export function headsWithout(history: History, current: Target, revision: Revision): Target {
  return history.headsOf(history.upTo(current).filter((each) => each !== revision))
}

function idsOf(revisions: readonly Revision[]): ReadonlySet<string> {
  return new Set(revisions.map(({ id }) => id))
}
