import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mariadb } from './mariadb.ts'
import { postgres } from './postgres.ts'
import type { Service } from './service.ts'

/** The databases that Dewar speaks to. */
export type DatabaseName = 'sqlite' | 'postgresql' | 'mariadb'

/** A fresh database of each kind, by name; those without a server say why. */
export const databases: Readonly<Record<DatabaseName, () => Promise<Service>>> = {
  sqlite: () => Promise.resolve(sqlite()),
  postgresql: () => postgres(),
  mariadb: () => mariadb(),
}

/**
 * Declare the same tests for each database.
 *
 * @example
 * await forEachDatabase((name, { url, skip }) => {
 *   suite(`orders on ${name}`, { skip }, () => { … })
 * })
 */
export async function forEachDatabase(
  declare: (name: DatabaseName, database: Service) => void,
): Promise<void> {
  for (const name of ['sqlite', 'postgresql', 'mariadb'] as const) {
    declare(name, await databases[name]())
  }
}

function sqlite(): Service {
  const dir = mkdtempSync(join(tmpdir(), 'dewar-test-sqlite-'))
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }))
  return { url: `sqlite:///${join(dir, 'test.db')}` }
}
