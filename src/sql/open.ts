import type { Driver } from './driver.ts'
import { openMariadb } from './mariadb/driver.ts'
import { parseMariadbURL } from './mariadb/url.ts'
import { openSqlite } from './sqlite/driver.ts'
import { parseSqliteURL } from './sqlite/url.ts'

export interface OpenOptions {
  /** Where a relative path starts. */
  readonly dir: string
  /** How long to wait for a lock before it is an error. */
  readonly waitMs: number
  /** How many connections to a server one process has at most. What the URL says comes first, also of those below. */
  readonly maxConnections?: number | undefined
  /** How long a connection to a server stays open that nobody uses. */
  readonly idleMs?: number | undefined
  /** How long a server may work at one statement. SQLite's run in this thread, which cannot look at the clock meanwhile. */
  readonly statementTimeoutMs?: number | undefined
}

/** A way to the database that `url` names, which was checked and is not used yet. */
export type Open = () => Promise<Driver>

/**
 * Read the URL of a database.
 *
 * @throws {TypeError} when it is not understood, or of a kind that there is no driver for
 */
export function toOpen(url: string, options: OpenOptions): Open {
  const [, scheme = ''] = /^([a-z][\w+.-]*):/i.exec(url) ?? []
  const toDriver = DRIVERS.get(scheme.toLowerCase())
  if (toDriver) return toDriver(url, options)
  const known = [...DRIVERS.keys()].map((name) => `${name}:`)
  throw new TypeError(
    `The URL of a database begins with its kind, one of ${known.join(', ')}; not "${scheme}:". ` +
      'For example sqlite:///instance/app.db.',
  )
}

function openerOfSqlite(url: string, { dir, waitMs }: OpenOptions): Open {
  const location = parseSqliteURL(url, dir)
  return () => openSqlite(location, { waitMs })
}

function openerOfMariadb(url: string, { waitMs }: OpenOptions): Open {
  const location = parseMariadbURL(url)
  return () => openMariadb(location, { waitMs })
}

const DRIVERS: ReadonlyMap<string, typeof openerOfSqlite> = new Map([
  ['sqlite', openerOfSqlite],
  ['mariadb', openerOfMariadb],
  ['mysql', openerOfMariadb],
])
