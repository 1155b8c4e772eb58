import { randomBytes } from 'node:crypto'

const PREFIX = 'dewar_test_'
const DAY_MS = 24 * 3600 * 1000

/** What `like` must match to list the databases of tests; the underlines are taken literally. */
export const PATTERN = `${PREFIX.replaceAll('_', String.raw`\_`)}%`

/** @returns a new name, which says when it was made */
export function newName(now = Date.now()): string {
  return `${PREFIX}${now.toString(36)}_${randomBytes(6).toString('hex')}`
}

/** @returns whether the name is one of {@link newName}, and older than a day */
export function isLeftover(name: string, now = Date.now()): boolean {
  const [, madeAt] = /^dewar_test_([0-9a-z]+)_[0-9a-f]{12}$/.exec(name) ?? []
  return madeAt !== undefined && now - Number.parseInt(madeAt, 36) > DAY_MS
}
