import { Client } from 'pg'
import { App } from 'dewar'
import { type Database, database, type DatabaseOptions, id, integer, model, string } from 'dewar/db'
import { postgres } from '../../services/postgres.ts'

export const Task = model('tasks', { id: id(), title: string(40), points: integer().default(0) })
export const db = database([Task])
export const server = await postgres()

/** An app on the database of these tests, with new tables. */
export async function openApp(options: Partial<DatabaseOptions> = {}, of: Database = db) {
  const app = new App('pg', { logger: false }).install(of, { url: server.url, ...options })
  try {
    await app.withScope(async () => {
      await of.dropTables()
      await of.createTables()
    })
  } catch (error) {
    await app.close()
    throw error
  }
  return app
}

/** Ask the server by a connection of the test's own. */
export async function ask<T>(sql: string, values: unknown[] = []): Promise<T[]> {
  const client = new Client({ connectionString: server.url })
  await client.connect()
  try {
    const { rows } = await client.query<T & object>(sql, values)
    return rows
  } finally {
    await client.end()
  }
}

/** @param parameters such as `pool_max=1` */
export function withParameters(parameters: string): string {
  return `${server.url}${server.url.includes('?') ? '&' : '?'}${parameters}`
}
