import { hostname } from 'node:os'
import { withRedis, type Send } from './redis_commands.ts'
import { startPrivate, toProgram } from './private_server.ts'
import { type Place, service, withDatabase } from './service.ts'

/**
 * An empty numbered database on a Redis server, emptied when the tests end.
 *
 * Channels of publish and subscribe are shared by all databases of a server.
 */
export const redis = service({
  name: 'Redis',
  variable: 'DEWAR_TEST_REDIS_URL',
  usual: ['redis://127.0.0.1:6379'],
  debian: 'redis-server',
  reach: (server) => withRedis(server, async (send) => void (await send('PING'))),
  start,
  create: (server) => withRedis(server, (send) => claim(server, send)),
})

async function start(): Promise<string> {
  const program = toProgram('redis-server')
  const toServer = (port: number) => `redis://127.0.0.1:${port}`
  const port = await startPrivate({
    user: 'redis',
    signal: 'TERM',
    command: (dir, free) => [
      program,
      '--port',
      `${free}`,
      '--bind',
      '127.0.0.1',
      '--dir',
      dir,
      '--save',
      '',
      '--databases',
      '1000',
    ],
    reach: (free) => withRedis(toServer(free), async (send) => void (await send('PING'))),
  })
  return toServer(port)
}

/** Who uses which database is kept in database 0, so that none of them holds a key of ours. */
async function claim(server: string, send: Send): Promise<Place> {
  const count = await countOfDatabases(send)
  for (let number = 1; number < count; number++) {
    if (!(await isOurs(number, send))) continue
    const drop = () => withRedis(server, (again) => release(number, again))
    return { url: withDatabase(server, String(number)), drop }
  }
  throw new Error(
    `All databases of ${new URL(server).host} hold keys or are in use by other tests: ` +
      'DEWAR_TEST_SERVICES=private starts a server for these.',
  )
}

async function countOfDatabases(send: Send): Promise<number> {
  const answer = await send('CONFIG', 'GET', 'databases')
  return Array.isArray(answer) ? Number(answer[1]) : 0
}

const DAY_MS = 24 * 3600 * 1000
const REPLACE = `
  if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
  redis.call('set', KEYS[1], ARGV[2])
  return 1
`

async function isOurs(number: number, send: Send): Promise<boolean> {
  const key = `dewar_test_database_${number}`
  const mine = `${hostname()} ${process.pid} ${Date.now()}`
  if (await send('SET', key, mine, 'NX')) {
    await send('SELECT', String(number))
    const size = Number(await send('DBSIZE'))
    await send('SELECT', '0')
    if (size === 0) return true
    await send('DEL', key)
    return false
  }
  const owner = String(await send('GET', key))
  if (!isLeft(owner) || !(await send('EVAL', REPLACE, '1', key, owner, mine))) return false
  await empty(number, send)
  return true
}

/** Whether the process that claimed a database is gone. */
function isLeft(owner: string): boolean {
  const [host, pid, at] = owner.split(' ')
  if (Date.now() - Number(at) > DAY_MS) return true
  if (host !== hostname() || Number(pid) === process.pid) return false
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
}

async function release(number: number, send: Send): Promise<void> {
  await empty(number, send)
  await send('DEL', `dewar_test_database_${number}`)
}

async function empty(number: number, send: Send): Promise<void> {
  await send('SELECT', String(number))
  await send('FLUSHDB')
  await send('SELECT', '0')
}
