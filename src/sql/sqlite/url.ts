import { resolve } from 'node:path'

/** What a `sqlite:` URL says. */
export interface SqliteLocation {
  /** Undefined for a database that is gone when it is closed. */
  readonly path: string | undefined
  /** `normal` keeps every commit when the process dies, `full` also when the power fails. */
  readonly synchronous: 'normal' | 'full'
}

const IN_MEMORY: ReadonlySet<string> = new Set([
  'sqlite::memory:',
  'sqlite:///:memory:',
  'sqlite://',
  'sqlite://:memory:',
])

/**
 * Read `sqlite:///instance/app.db` (from `dir`), `sqlite:////abs/app.db`, `sqlite::memory:`, with `?synchronous=full`.
 *
 * @throws {TypeError} when it is none of these
 */
export function parseSqliteURL(url: string, dir: string): SqliteLocation {
  const mark = url.indexOf('?')
  const place = mark === -1 ? url : url.slice(0, mark)
  const synchronous = readParameters(mark === -1 ? '' : url.slice(mark + 1))
  if (IN_MEMORY.has(place)) return { path: undefined, synchronous }
  const [, encoded = ''] = /^sqlite:\/\/\/(.+)$/.exec(place) ?? []
  const path = decode(encoded)
  if (path === '' || path.includes('\0') || path.endsWith('/')) throw new TypeError(HOW_TO)
  return { path: resolve(dir, path), synchronous }
}

function readParameters(search: string): SqliteLocation['synchronous'] {
  const parameters = new URLSearchParams(search)
  const unknown = [...parameters.keys()].find((name) => name !== 'synchronous')
  const value = parameters.get('synchronous') ?? 'normal'
  if (unknown === undefined && (value === 'normal' || value === 'full')) return value
  throw new TypeError(
    'The only parameter of a sqlite URL is synchronous=normal or synchronous=full.',
  )
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    throw new TypeError(HOW_TO)
  }
}

const HOW_TO =
  'Write the URL of a SQLite database as sqlite:///instance/app.db (from the working directory), ' +
  'sqlite:////srv/app.db (from the root) or sqlite::memory:.'
