import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createConnection } from 'mysql2/promise'
import { Client } from 'pg'
import { databases, forEachDatabase } from './databases.ts'
import { mariadb } from './mariadb.ts'
import { isLeftover, newName } from './names.ts'
import { postgres } from './postgres.ts'
import { withRedis } from './redis_commands.ts'
import { redis } from './redis.ts'
import { type Service, withDatabase } from './service.ts'

const SCRIPT = fileURLToPath(new URL('ask.script.ts', import.meta.url))
const DAY_MS = 24 * 3600 * 1000

/** A process of tests that asks for a service. */
function ask(kind: string, env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [SCRIPT, kind], { env: { ...process.env, ...env } })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  const closed = once(child, 'close')
  return {
    child,
    answer: async (): Promise<Service> => {
      while (!out.endsWith('\n')) await Promise.race([once(child.stdout, 'data'), failing()])
      return JSON.parse(out)
    },
    ended: async () => {
      child.stdin.end()
      await closed
      return { code: child.exitCode, err }
    },
  }

  async function failing(): Promise<never> {
    await closed
    throw new Error(`It ended:\n${err}`)
  }
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

async function queryMariadb(url: string, sql: string): Promise<unknown> {
  const connection = await createConnection(url)
  try {
    const [rows] = await connection.query(sql)
    return rows
  } finally {
    await connection.end()
  }
}

const NO_DATABASE = { postgres: '3D000', mariadb: 'ER_BAD_DB_ERROR' } as const
const found = {
  postgres: await postgres(),
  mariadb: await mariadb(),
  redis: await redis(),
}

suite('a server for tests', () => {
  for (const kind of ['postgres', 'mariadb'] as const) {
    const select = kind === 'postgres' ? query : queryMariadb
    test(`${kind}: a fresh database at every call, gone with the process`, async (t) => {
      const { skip } = found[kind]
      if (skip) return t.skip(skip)
      const { answer, ended } = ask(kind)
      const { url } = await answer()
      assert.notEqual(url, found[kind].url)
      await select(url, 'create table made_here (id int)')
      assert.deepEqual(await ended(), { code: 0, err: '' })
      await assert.rejects(select(url, 'select 1'), { code: NO_DATABASE[kind] })
    })

    test(`${kind}: what a killed process left is swept away after a day`, async (t) => {
      const { skip, url } = found[kind]
      if (skip) return t.skip(skip)
      const [old, recent] = [newName(Date.now() - DAY_MS - 60_000), newName()]
      await select(url, `create database ${old}`)
      await select(url, `create database ${recent}`)
      await (kind === 'postgres' ? postgres() : mariadb())
      await assert.rejects(select(withDatabase(url, old), 'select 1'), { code: NO_DATABASE[kind] })
      await select(withDatabase(url, recent), 'select 1')
      await select(url, `drop database ${recent}`)
    })
  }

  test('redis: an empty numbered database, emptied with the process', async (t) => {
    const { skip, url } = found.redis
    if (skip) return t.skip(skip)
    const { answer, ended } = ask('redis')
    const { url: other } = await answer()
    const [number, otherNumber] = [url, other].map((each) => new URL(each).pathname.slice(1))
    assert.notEqual(number, otherNumber)
    const size = () =>
      withRedis(other, async (send) => {
        await send('SELECT', otherNumber ?? '')
        return send('DBSIZE')
      })
    await withRedis(other, async (send) => {
      await send('SELECT', otherNumber ?? '')
      await send('SET', 'a', 'ü')
    })
    assert.equal(await size(), 1)
    assert.deepEqual(await ended(), { code: 0, err: '' })
    assert.equal(await size(), 0)
  })

  test('redis: what a killed process left is free for the next', async (t) => {
    const { skip, url: server } = await redis({ DEWAR_TEST_SERVICES: 'private' })
    if (skip) return t.skip(skip)
    const env = { DEWAR_TEST_SERVICES: '', DEWAR_TEST_REDIS_URL: withDatabase(server, '') }
    const killed = ask('redis', env)
    const { url } = await killed.answer()
    killed.child.kill('SIGKILL')
    await killed.ended()
    const next = ask('redis', env)
    assert.equal((await next.answer()).url, url)
    await next.ended()
  })

  test('a name says when it was made', () => {
    assert.equal(isLeftover(newName()), false)
    assert.equal(isLeftover(newName(Date.now() - DAY_MS - 1000)), true)
    assert.equal(isLeftover('dewar_test_mine'), false)
  })
})

await forEachDatabase((name, { url, skip }) => {
  test(`one suite for every database: ${name}`, { skip }, async () => {
    assert.equal(new URL(url).protocol, name === 'mariadb' ? 'mysql:' : `${name}:`)
    const [one, two] = [await databases[name](), await databases[name]()]
    assert.equal(new Set([url, one.url, two.url]).size, 3)
  })
})

suite('a private server', () => {
  for (const kind of ['postgres', 'redis'] as const) {
    test(`${kind}: ends with the process, killed or not`, async (t) => {
      const asked = ask(kind, { DEWAR_TEST_SERVICES: 'private' })
      const { url, skip } = await asked.answer()
      if (skip) return t.skip(skip)
      assert.notEqual(new URL(url).host, new URL(found[kind].url).host)
      asked.child.kill('SIGKILL')
      await asked.ended()
      const reach = () =>
        kind === 'redis' ? withRedis(url, (send) => send('PING')) : query(url, '')
      for (let tries = 0; tries < 200 && (await isReached(reach)); tries++) await sleep(50)
      await assert.rejects(reach(), { code: 'ECONNREFUSED' })
    })
  }
})

async function isReached(reach: () => Promise<unknown>): Promise<boolean> {
  try {
    await reach()
    return true
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED')
  }
}

suite('without a server', () => {
  const nowhere = {
    DEWAR_TEST_SERVICES: 'private',
    PATH: '/nonexistent',
    DEWAR_REQUIRE_SERVICES: '',
  }

  test('the tests are skipped, and the reason says how to get one', async () => {
    const { answer, ended } = ask('redis', nowhere)
    const { url, skip } = await answer()
    await ended()
    assert.equal(url, '')
    assert.match(skip ?? '', /^No Redis for tests: `apt-get install redis-server` is enough, or/)
    assert.match(skip ?? '', /DEWAR_TEST_REDIS_URL.*redis-server is not installed/s)
  })

  test('it is an error where servers are required', async () => {
    const { code, err } = await ask('redis', { ...nowhere, DEWAR_REQUIRE_SERVICES: '1' }).ended()
    assert.equal(code, 1)
    assert.match(err, /No Redis for tests/)
  })

  test('a server that was named and does not answer is an error, not a reason to skip', async () => {
    for (const kind of ['postgres', 'mariadb', 'redis']) {
      const variable = `DEWAR_TEST_${kind.toUpperCase()}_URL`
      const url = `${kind}://nobody@127.0.0.1:1/`
      const { code, err } = await ask(kind, { DEWAR_TEST_SERVICES: '', [variable]: url }).ended()
      assert.equal(code, 1)
      assert.match(err, new RegExp(`${variable} names a server that is of no use: .*ECONNREFUSED`))
    }
  })
})
