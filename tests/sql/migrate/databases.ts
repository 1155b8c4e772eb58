import { type Open, toOpen } from '../../../src/sql/open.ts'
import type { SchemaConnection } from '../../../src/sql/migrate/schema_connection.ts'
import { databases } from '../../services/databases.ts'

export interface NamedDatabase {
  readonly name: string
  readonly url: string
  /** Why there is none. */
  readonly skip?: string | false | undefined
}

/** Fresh databases, one of each kind. */
export const DATABASES: readonly NamedDatabase[] = [
  { name: 'sqlite', ...(await databases.sqlite()) },
  { name: 'postgresql', ...(await databases.postgresql()) },
  { name: 'mariadb', ...(await databases.mariadb()) },
]

function openerOf({ url }: NamedDatabase, waitMs = 5000): Open {
  const pool = { max: 2, idleMs: 1000, connectTimeoutMs: 5000, statementTimeoutMs: undefined }
  return toOpen(url, { dir: process.cwd(), waitMs, pool })
}

/** Run `work` with a connection for changes of tables. */
export async function withSchema<T>(
  database: NamedDatabase,
  work: (connection: SchemaConnection) => Promise<T>,
): Promise<T> {
  const driver = await openerOf(database)()
  try {
    const connection = await driver.openSchema()
    try {
      return await work(connection)
    } finally {
      await connection.close()
    }
  } finally {
    await driver.close()
  }
}
