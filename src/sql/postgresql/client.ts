import { readFileSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Client, ClientConfig } from 'pg'
import { DatabaseUnavailable } from '../errors.ts'
import { PostgresConnection } from './connection.ts'
import { toUnavailable } from './errors.ts'
import { Origins } from './origins.ts'
import type { PostgresLocation } from './url.ts'

export interface ClientSettings {
  readonly location: PostgresLocation
  /** How long a statement waits for locks of others. */
  readonly waitMs: number
  readonly connectTimeoutMs: number
  /** How long a statement may run; undefined for as long as it likes. */
  readonly statementTimeoutMs: number | undefined
}

type NewClient = (config: ClientConfig) => Client

/** @throws {DatabaseUnavailable} when the package is not installed */
async function loadPg(): Promise<NewClient> {
  try {
    const { Client } = await import('pg')
    return (config) => new Client(config)
  } catch (error) {
    if (!isMissing(error)) throw error
    const message = 'A PostgreSQL database needs the package pg: npm install pg'
    throw new DatabaseUnavailable(message, { cause: error })
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'
}

/** Makes connections to one server. */
export class Connector {
  readonly #newClient: NewClient
  readonly #settings: ClientSettings
  readonly #origins = new Origins()
  #isSecure: boolean

  private constructor(newClient: NewClient, settings: ClientSettings) {
    this.#newClient = newClient
    this.#settings = settings
    const { sslMode, host } = settings.location
    this.#isSecure = sslMode !== 'disable' && !host.startsWith('/')
  }

  /** @throws {DatabaseUnavailable} when the package `pg` is not installed */
  static async load(settings: ClientSettings): Promise<Connector> {
    return new Connector(await loadPg(), settings)
  }

  /** @throws {DatabaseUnavailable} */
  async connect(): Promise<PostgresConnection> {
    try {
      return await this.#connect()
    } catch (error) {
      if (!isWithoutSSL(error) || this.#settings.location.sslMode !== 'prefer') {
        throw toUnavailable(error)
      }
    }
    this.#isSecure = false
    return this.#connect().catch((error: unknown) => {
      throw toUnavailable(error)
    })
  }

  async #connect(): Promise<PostgresConnection> {
    const socket = new Socket()
    const config = toConfig(this.#settings, this.#isSecure)
    const client = this.#newClient({ ...config, stream: () => socket })
    const connection = new PostgresConnection(client, {
      origins: this.#origins,
      cancel: (pid) => this.#cancel(pid),
      destroy: () => void socket.destroy(),
    })
    try {
      await client.connect()
      return connection
    } catch (error) {
      void connection.end()
      throw error
    }
  }

  /** Not by a connection of the pool: all of them may be busy. */
  async #cancel(pid: number): Promise<void> {
    try {
      const connection = await this.connect()
      const sql = 'select pg_cancel_backend($1)'
      await connection.execute({ sql, fetch: 'count', access: 'read' }, [pid])
      await connection.end()
    } catch {
      // Who cannot be reached need not be stopped.
    }
  }
}

function isWithoutSSL(error: unknown): boolean {
  return error instanceof Error && error.message.includes('does not support SSL')
}

const TYPES = { getTypeParser: () => (text: string) => text }

function toConfig(settings: ClientSettings, isSecure: boolean): ClientConfig {
  const { location, connectTimeoutMs } = settings
  const { host, port, user, password, database, applicationName = 'dewar' } = location
  return {
    host,
    port,
    ...(user !== undefined && { user }),
    ...(password !== undefined && { password }),
    ...(database !== undefined && { database }),
    ssl: isSecure ? toSSL(location) : false,
    application_name: applicationName,
    options: toOptions(settings),
    connectionTimeoutMillis: connectTimeoutMs,
    // A server that is gone without a word is found out in seconds, while nothing is asked and while an answer is waited for.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    pipeline: true,
    types: TYPES,
  }
}

function toSSL({ sslMode, ssl }: PostgresLocation): Exclude<ClientConfig['ssl'], boolean> {
  const isVerified =
    sslMode === 'verify-ca' || sslMode === 'verify-full' || (sslMode === 'require' && ssl.ca)
  return {
    rejectUnauthorized: Boolean(isVerified),
    ...(ssl.ca !== undefined && { ca: readFileSync(ssl.ca, 'utf8') }),
    ...(ssl.cert !== undefined && { cert: readFileSync(ssl.cert, 'utf8') }),
    ...(ssl.key !== undefined && { key: readFileSync(ssl.key, 'utf8') }),
    ...(sslMode !== 'verify-full' && { checkServerIdentity: () => undefined }),
  }
}

/** The state of each session. Ours come last, so that they hold. */
function toOptions({ location, waitMs, statementTimeoutMs }: ClientSettings): string {
  const ours = {
    // Writes are in transactions, which begin otherwise.
    default_transaction_read_only: 'on',
    timezone: 'UTC',
    datestyle: 'ISO',
    bytea_output: 'hex',
    extra_float_digits: 1,
    standard_conforming_strings: 'on',
    lock_timeout: Math.max(1, Math.round(waitMs)),
    ...(statementTimeoutMs !== undefined && {
      statement_timeout: Math.max(1, Math.round(statementTimeoutMs)),
    }),
  }
  const texts = Object.entries(ours).map(([name, value]) => `-c ${name}=${value}`)
  return [...(location.options === undefined ? [] : [location.options]), ...texts].join(' ')
}
