import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { MigrationError } from './errors.ts'
import { History } from './history.ts'
import { defineRevision, type Revision } from './revision.ts'

/** Where revisions are, and what they say. */
export interface ReadHistory {
  readonly history: History
  /** The absolute path of each revision's file, by its id. */
  readonly files: ReadonlyMap<string, string>
}

/** The folder of the files within that of the migrations. */
export function versionsDir(dir: string): string {
  return join(dir, 'versions')
}

/**
 * Import all revisions; a folder that is not there has none.
 *
 * @throws {MigrationError} when a file exports none, or they do not fit together
 */
export async function readRevisions(dir: string): Promise<ReadHistory> {
  const versions = versionsDir(dir)
  const names = await readdir(versions).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const paths = names
    .filter(isRevision)
    .toSorted()
    .map((name) => join(versions, name))
  const read = await Promise.all(
    paths.map(async (path) => [await readRevision(path), path] as const),
  )
  return {
    history: new History(read.map(([revision]) => revision)),
    files: new Map(read.map(([{ id }, path]) => [id, path])),
  }
}

function isRevision(name: string): boolean {
  return /^[^._].*\.[cm]?[jt]s$/.test(name) && !/\.d\.[cm]?ts$/.test(name)
}

/** @throws {MigrationError} when the file exports no `revision` */
export async function readRevision(path: string): Promise<Revision> {
  const { revision }: { revision?: unknown } = await import(pathToFileURL(path).href)
  if (isRevisionValue(revision)) return defineRevision(revision)
  throw new MigrationError(
    `${path} exports no revision: export const revision = defineRevision({ … })`,
  )
}

function isRevisionValue(value: unknown): value is Revision {
  if (typeof value !== 'object' || value === null) return false
  const { id, parents, upgrade, downgrade }: Partial<Record<keyof Revision, unknown>> = value
  const isNamed = typeof id === 'string' && Array.isArray(parents)
  return isNamed && typeof upgrade === 'function' && typeof downgrade === 'function'
}
