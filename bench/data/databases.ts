import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { seedPostgresql, seedSqlite, type TimeName } from './seed.ts'

/** Databases for the participants, by name; gone with `drop`. */
export interface Databases {
  urls: Record<string, string>
  drop(): Promise<void>
}

const SERVER = process.env.BENCH_POSTGRESQL ?? 'postgresql://postgres@127.0.0.1:5432/postgres'

/** Times as each one keeps them on SQLite by default; Kysely keeps none, and has what Dewar has. */
const TIMES: Readonly<Record<string, TimeName>> = {
  drizzle: 'milliseconds',
  mikroorm: 'milliseconds',
  typeorm: 'spaced',
}

/** A file for each participant. */
export function sqliteDatabases(names: readonly string[]): Databases {
  const dir = mkdtempSync(join(tmpdir(), 'dewar-bench-'))
  const urls = Object.fromEntries(names.map((name) => [name, join(dir, `${name}.db`)]))
  for (const [name, path] of Object.entries(urls)) seedSqlite(path, TIMES[name] ?? 'text')
  return { urls, drop: async () => rmSync(dir, { recursive: true }) }
}

/** One database for all, which take turns. @returns the reason where there is no server */
export async function postgresqlDatabases(names: readonly string[]): Promise<Databases | string> {
  const name = `dewar_bench_${process.pid}`
  const url = new URL(SERVER)
  url.pathname = `/${name}`
  try {
    await onServer(SERVER, (client) => client.query(`CREATE DATABASE ${name}`))
  } catch (error) {
    return `no PostgreSQL server for ${new URL(SERVER).host}: ${String(error)}`
  }
  const drop = () => onServer(SERVER, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`))
  try {
    await onServer(url.href, seedPostgresql)
  } catch (error) {
    await drop()
    throw error
  }
  return { urls: Object.fromEntries(names.map((each) => [each, url.href])), drop }
}

async function onServer(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}
