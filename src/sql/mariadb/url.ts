import { userInfo } from 'node:os'
import { type Duration, toMs } from '../../lib/duration.ts'

/** What a `mariadb:` or `mysql:` URL says. */
export interface MariadbLocation {
  readonly host: string
  readonly port: number
  /** A unix socket in place of host and port. */
  readonly socketPath: string | undefined
  readonly user: string
  readonly password: string
  readonly database: string
  /** `require` encrypts, `verify-full` makes sure of the server too. */
  readonly sslMode: 'disable' | 'require' | 'verify-full'
  /** The path of a PEM file with who may vouch for the server. */
  readonly caPath: string | undefined
  readonly maxConnections: number | undefined
  readonly idleMs: number | undefined
  readonly statementTimeoutMs: number | undefined
}

/**
 * Read `mariadb://user:password@host:3306/database`, with `?socket=/run/mysqld/mysqld.sock`,
 * `?sslmode=verify-full`, `?pool_max=20`, `?pool_idle=1m`, `?statement_timeout=30s`.
 *
 * @throws {TypeError} when it is none of these
 */
export function parseMariadbURL(text: string): MariadbLocation {
  const url = parse(text)
  const database = decode(url.pathname.slice(1))
  if (database === '' || database.includes('/') || url.hash !== '') throw new TypeError(HOW_TO)
  const parameters = readParameters(url.searchParams)
  return {
    host: url.hostname === '' ? 'localhost' : url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? 3306 : Number(url.port),
    user: url.username === '' ? userInfo().username : decode(url.username),
    password: decode(url.password),
    database,
    ...parameters,
  }
}

type Parameters = Omit<MariadbLocation, 'host' | 'port' | 'user' | 'password' | 'database'>

const PARAMETERS: ReadonlySet<string> = new Set([
  'socket',
  'socketPath',
  'sslmode',
  'sslrootcert',
  'pool_max',
  'pool_idle',
  'statement_timeout',
  'charset',
])

const MAX_CONNECTIONS = 1000

function readParameters(given: URLSearchParams): Parameters {
  const unknown = [...given.keys()].find((name) => !PARAMETERS.has(name))
  if (unknown !== undefined) {
    throw new TypeError(
      `A MariaDB URL has no parameter "${unknown}". There are ${[...PARAMETERS].join(', ')}.`,
    )
  }
  if ((given.get('charset') ?? 'utf8mb4') !== 'utf8mb4') {
    throw new TypeError('The only charset of a MariaDB URL is utf8mb4, which is the default.')
  }
  return {
    socketPath: given.get('socket') ?? given.get('socketPath') ?? undefined,
    sslMode: readSSLMode(given.get('sslmode') ?? 'disable'),
    caPath: given.get('sslrootcert') ?? undefined,
    maxConnections: readCount('pool_max', given),
    idleMs: readDuration('pool_idle', given),
    statementTimeoutMs: readDuration('statement_timeout', given),
  }
}

function readSSLMode(text: string): Parameters['sslMode'] {
  if (text === 'disable' || text === 'require' || text === 'verify-full') return text
  throw new TypeError(
    `sslmode in a MariaDB URL is disable, require or verify-full, not "${text}"; verify-full is the safe one.`,
  )
}

function readCount(name: string, given: URLSearchParams): number | undefined {
  const text = given.get(name)
  if (text === null) return undefined
  const count = Number(text)
  if (/^\d+$/.test(text) && count >= 1 && count <= MAX_CONNECTIONS) return count
  throw new TypeError(`${name} in a MariaDB URL is a number from 1 to ${MAX_CONNECTIONS}.`)
}

function readDuration(name: string, given: URLSearchParams): number | undefined {
  const text = given.get(name)
  if (text === null) return undefined
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- toMs refuses what is none
    const ms = toMs(text as Duration)
    if (ms > 0) return ms
  } catch {
    // Said below.
  }
  throw new TypeError(`${name} in a MariaDB URL is a duration such as 30s, not "${text}".`)
}

function parse(text: string): URL {
  // A URL needs a host, but with a socket there is none to name.
  const whole = text.replace(/^(\w+:\/\/(?:[^/?#]*@)?)(?=\/)/, '$1localhost')
  const url = URL.parse(whole.replace(/^\w+:/, (scheme) => scheme.toLowerCase()))
  if (url && SCHEMES.has(url.protocol)) return url
  throw new TypeError(HOW_TO)
}

const SCHEMES: ReadonlySet<string> = new Set(['mariadb:', 'mysql:'])

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new TypeError(HOW_TO)
  }
}

// Without the URL itself: it holds a password.
const HOW_TO =
  'Write the URL of a MariaDB or MySQL database as mariadb://user:password@host:3306/database. ' +
  'In user and password write what is no letter or digit percent-encoded, "@" as %40; ' +
  'a unix socket is mariadb://user@/database?socket=/run/mysqld/mysqld.sock.'
