import { userInfo } from 'node:os'
import { Client } from 'pg'
import { isLeftover, newName, PATTERN } from './names.ts'
import { startPrivate, toProgram } from './private_server.ts'
import { service, withDatabase } from './service.ts'

/** A fresh database on a PostgreSQL server, gone when the tests end. */
export const postgres = service({
  name: 'PostgreSQL',
  variable: 'DEWAR_TEST_POSTGRES_URL',
  usual: usualServers(),
  debian: 'postgresql',
  reach: (server) => withClient(server, async () => {}),
  start,
  create: (server) =>
    withClient(server, async (client) => {
      const { rows } = await client.query<{ datname: string }>(
        'select datname from pg_database where datname like $1',
        [PATTERN],
      )
      for (const { datname } of rows.filter((row) => isLeftover(row.datname))) {
        await client.query(`drop database if exists ${datname} with (force)`)
      }
      const name = newName()
      await client.query(`create database ${name} template template0 encoding 'UTF8'`)
      return { url: withDatabase(server, name), drop: () => drop(server, name) }
    }),
})

function usualServers(): string[] {
  const users = [...new Set(['postgres', userInfo().username])]
  const onTCP = users.map((user) => `postgresql://${user}@127.0.0.1:5432/postgres`)
  const sockets = users.map(
    (user) => `postgresql://${user}@localhost/postgres?host=/var/run/postgresql`,
  )
  return [...onTCP, ...sockets]
}

async function start(): Promise<string> {
  const elsewhere = ['/usr/lib/postgresql/*/bin']
  const initdb = toProgram('initdb', elsewhere)
  const program = toProgram('postgres', elsewhere)
  const toServer = (port: number) => `postgresql://postgres@127.0.0.1:${port}/postgres`
  const port = await startPrivate({
    user: 'postgres',
    signal: 'INT',
    prepare: (dir) => [
      initdb,
      '--pgdata',
      `${dir}/data`,
      '--username',
      'postgres',
      '--auth',
      'trust',
      '--encoding',
      'UTF8',
      '--no-locale',
      '--no-sync',
    ],
    command: (dir, free) => [
      program,
      '-D',
      `${dir}/data`,
      '-p',
      `${free}`,
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      `unix_socket_directories=${dir}`,
      '-c',
      'fsync=off',
    ],
    reach: (free) => withClient(toServer(free), async () => {}),
  })
  return toServer(port)
}

async function drop(server: string, name: string): Promise<void> {
  await withClient(server, (client) => client.query(`drop database if exists ${name} with (force)`))
}

async function withClient<T>(server: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: server, connectionTimeoutMillis: 5000 })
  // A server that goes away is reported by what was asked of it.
  client.on('error', () => {})
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}
