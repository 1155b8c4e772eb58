import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { Client } from 'pg'
import { databases } from '../services/databases.ts'
import { dialectSuite } from './dialect_suite.ts'

dialectSuite({ name: 'sqlite', database: await databases.sqlite(), hasRowLocks: false })

const postgresql = await databases.postgresql()
dialectSuite({
  name: 'postgresql',
  database: postgresql,
  hasRowLocks: true,
  killConnections: () => endOthers(postgresql.url),
})

/** End all other connections to the database of PostgreSQL. */
async function endOthers(url: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query(
    'select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  )
  await client.end()
}

const mariadb = await databases.mariadb()
dialectSuite({
  name: 'mariadb',
  database: mariadb,
  hasRowLocks: true,
  killConnections: () => killOthers(mariadb.url),
})

/** End all other connections to the database of MariaDB. */
async function killOthers(url: string): Promise<void> {
  const connection = await createConnection(url)
  const [rows] = await connection.query<RowDataPacket[]>(
    'select id from information_schema.processlist where db = database() and id <> connection_id()',
  )
  for (const { id } of rows) await connection.query(`kill ${id}`).catch(() => {})
  await connection.end()
}
