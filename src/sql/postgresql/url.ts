import { type Duration, toMs } from '../../lib/duration.ts'

/** How TLS is used, as libpq names it; `prefer` goes without where the server has none. */
type SSLMode = 'disable' | 'prefer' | 'require' | 'verify-ca' | 'verify-full'

/** What a `postgresql:` URL says; what it does not say is undefined. */
export interface PostgresLocation {
  /** A name, an address, or the folder of a Unix socket. */
  readonly host: string
  readonly port: number
  readonly user: string | undefined
  readonly password: string | undefined
  readonly database: string | undefined
  readonly sslMode: SSLMode
  /** Paths of PEM files. */
  readonly ssl: { readonly ca?: string; readonly cert?: string; readonly key?: string }
  readonly applicationName: string | undefined
  /** Command-line options for the session, `-c search_path=app`. */
  readonly options: string | undefined
  readonly poolMax: number | undefined
  readonly poolIdleMs: number | undefined
  readonly connectTimeoutMs: number | undefined
  readonly statementTimeoutMs: number | undefined
}

const URL_FORM =
  /^postgres(?:ql)?:\/\/(?:([^:@/?#]*)(?::([^/?#]*))?@)?(\[[^\]]*\]|[^:/?#,@]*)(?::(\d*))?(?:\/([^?#]*))?(?:\?([^#]*))?$/i

/**
 * Read a URL as libpq does: `postgresql://user:p%40ss@host:5432/name?sslmode=require`, `postgresql:///name?host=/run/postgresql`.
 *
 * @throws {TypeError} when it is none, or has a parameter that is not known
 */
export function parsePostgresURL(url: string): PostgresLocation {
  const [match, user, password, host, port, name, search = ''] = URL_FORM.exec(url) ?? []
  if (match === undefined) throw new TypeError(HOW_TO)
  const parameters = readParameters(search)
  const text = (key: string, part: string | undefined) => {
    const value = parameters.get(key) ?? (part === undefined ? undefined : decode(part))
    return value === '' ? undefined : value
  }
  return {
    host: text('host', host?.replace(/^\[(.*)\]$/, '$1')) ?? 'localhost',
    port: readPort(text('port', port) ?? '5432'),
    user: text('user', user),
    password: text('password', password),
    database: text('dbname', name),
    sslMode: readSSLMode(parameters.get('sslmode') ?? 'prefer'),
    ssl: readFiles(parameters),
    applicationName: text('application_name', undefined),
    options: text('options', undefined),
    poolMax: readCount('pool_max', parameters.get('pool_max')),
    poolIdleMs: readDuration('pool_idle', parameters.get('pool_idle')),
    connectTimeoutMs: readSeconds(parameters.get('connect_timeout')),
    statementTimeoutMs: readDuration('statement_timeout', parameters.get('statement_timeout')),
  }
}

const KNOWN: ReadonlySet<string> = new Set([
  'host',
  'port',
  'user',
  'password',
  'dbname',
  'sslmode',
  'sslrootcert',
  'sslcert',
  'sslkey',
  'application_name',
  'options',
  'connect_timeout',
  'pool_max',
  'pool_idle',
  'statement_timeout',
])

/** Not as in forms: `+` stands for itself. */
function readParameters(search: string): Map<string, string> {
  const pairs = search.split('&').filter((pair) => pair !== '')
  return new Map(
    pairs.map((pair): [string, string] => {
      const mark = pair.indexOf('=')
      const name = decode(mark === -1 ? pair : pair.slice(0, mark))
      if (mark !== -1 && KNOWN.has(name)) return [name, decode(pair.slice(mark + 1))]
      throw new TypeError(
        `A PostgreSQL URL has no parameter "${name}". There are ${[...KNOWN].join(', ')}.`,
      )
    }),
  )
}

function readSSLMode(mode: string): SSLMode {
  if (mode === 'allow') return 'disable'
  if (isSSLMode(mode)) return mode
  throw new TypeError(
    'sslmode is disable, allow, prefer, require, verify-ca or verify-full; verify-full is the safe one.',
  )
}

function isSSLMode(mode: string): mode is SSLMode {
  return ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'].includes(mode)
}

function readFiles(parameters: ReadonlyMap<string, string>): PostgresLocation['ssl'] {
  const ca = parameters.get('sslrootcert')
  const cert = parameters.get('sslcert')
  const key = parameters.get('sslkey')
  return {
    ...(ca !== undefined && ca !== 'system' && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  }
}

function readPort(text: string): number {
  const port = Number(text)
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port
  throw new TypeError(`The port of a PostgreSQL URL is a number from 1 to 65535, not "${text}".`)
}

function readCount(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text)
  throw new TypeError(`${name} is a whole number from 1, not "${text}".`)
}

function readSeconds(text: string | undefined): number | undefined {
  const seconds = readCount('connect_timeout', text)
  return seconds === undefined ? undefined : seconds * 1000
}

function readDuration(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- checked by toMs
    return toMs(text as Duration)
  } catch {
    throw new TypeError(`${name} is a length of time such as 30s, not "${text}".`)
  }
}

function decode(text: string): string {
  try {
    const decoded = decodeURIComponent(text)
    if (!decoded.includes('\0')) return decoded
  } catch {
    // Said below.
  }
  throw new TypeError(HOW_TO)
}

const HOW_TO =
  'Write the URL of a PostgreSQL database as postgresql://user:password@host:5432/name, or with a Unix socket as ' +
  'postgresql://user@localhost/name?host=/var/run/postgresql. What is special in a URL is percent-encoded: @ is %40, / is %2F.'
