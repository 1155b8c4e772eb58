import { userInfo } from 'node:os'
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise'
import { isLeftover, newName, PATTERN } from './names.ts'
import { startPrivate, toProgram } from './private_server.ts'
import { service, withDatabase } from './service.ts'

/** A fresh database on a MariaDB server, gone when the tests end. */
export const mariadb = service({
  name: 'MariaDB',
  variable: 'DEWAR_TEST_MARIADB_URL',
  usual: usualServers(),
  debian: 'mariadb-server',
  reach: (server) => withConnection(server, async () => {}),
  start,
  create: (server) =>
    withConnection(server, async (connection) => {
      const [rows] = await connection.query<RowDataPacket[]>(
        'select schema_name as name from information_schema.schemata where schema_name like ?',
        [PATTERN],
      )
      for (const { name } of rows.filter((row) => isLeftover(row['name']))) {
        await connection.query(`drop database if exists ${name}`)
      }
      const name = newName()
      await connection.query(`create database ${name} character set utf8mb4`)
      return { url: withDatabase(server, name), drop: () => drop(server, name) }
    }),
})

function usualServers(): string[] {
  const users = [...new Set(['root', userInfo().username])]
  const onTCP = users.map((user) => `mysql://${user}@127.0.0.1:3306/`)
  const sockets = users.map(
    (user) => `mysql://${user}@localhost/?socketPath=/run/mysqld/mysqld.sock`,
  )
  return [...onTCP, ...sockets]
}

async function start(): Promise<string> {
  const install = toProgram('mariadb-install-db')
  const program = toProgram('mariadbd')
  const toServer = (port: number) => `mysql://root@127.0.0.1:${port}/`
  const port = await startPrivate({
    user: 'mysql',
    signal: 'TERM',
    prepare: (dir) => [
      install,
      '--no-defaults',
      `--datadir=${dir}/data`,
      '--skip-test-db',
      '--auth-root-authentication-method=normal',
    ],
    command: (dir, free) => [
      program,
      '--no-defaults',
      `--datadir=${dir}/data`,
      `--socket=${dir}/socket`,
      `--port=${free}`,
      '--bind-address=127.0.0.1',
      `--pid-file=${dir}/pid`,
      '--innodb-flush-log-at-trx-commit=0',
    ],
    reach: (free) => withConnection(toServer(free), async () => {}),
  })
  return toServer(port)
}

async function drop(server: string, name: string): Promise<void> {
  await withConnection(server, (connection) => connection.query(`drop database if exists ${name}`))
}

async function withConnection<T>(
  server: string,
  use: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await createConnection({ uri: server, connectTimeout: 5000 })
  try {
    return await use(connection)
  } finally {
    await connection.end()
  }
}
