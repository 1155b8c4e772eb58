import type { Driver } from './driver.ts'
import { openMariadb } from './mariadb/driver.ts'
import { parseMariadbURL } from './mariadb/url.ts'
import type { PoolSettings } from './pool.ts'
import { openPostgres } from './postgresql/driver.ts'
import { parsePostgresURL } from './postgresql/url.ts'
import { openSqlite } from './sqlite/driver.ts'
import { parseSqliteURL } from './sqlite/url.ts'

export interface OpenOptions {
  /** Where a relative path starts. */
  readonly dir: string
  /** How long to wait for a lock, or a connection, before it is an error. */
  readonly waitMs: number
  /** The connections to a server; what the URL says comes first. */
  readonly pool: PoolSettings
}

/** A way to the database that `url` names, which was checked and is not used yet. */
export type Open = () => Promise<Driver>

type ToOpen = (url: string, options: OpenOptions) => Open

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

const toSqlite: ToOpen = (url, { dir, waitMs }) => {
  const location = parseSqliteURL(url, dir)
  return () => openSqlite(location, { waitMs })
}

const toPostgres: ToOpen = (url, { waitMs, pool }) => {
  const location = parsePostgresURL(url)
  return () => openPostgres(location, { ...pool, waitMs })
}

const toMariadb: ToOpen = (url, { waitMs, pool }) => {
  const location = parseMariadbURL(url)
  return () => openMariadb(location, { ...pool, waitMs })
}

const DRIVERS: ReadonlyMap<string, ToOpen> = new Map([
  ['sqlite', toSqlite],
  ['postgresql', toPostgres],
  ['postgres', toPostgres],
  ['mariadb', toMariadb],
  ['mysql', toMariadb],
])
