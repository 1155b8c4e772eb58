import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { ConnectionLost, DatabaseUnavailable } from 'dewar/db'
import { toOpen } from '../../../src/sql/open.ts'
import { parsePostgresURL } from '../../../src/sql/postgresql/url.ts'
import { server } from './fixtures.ts'

/** Stands between driver and server, and can fall silent: nothing is passed on, nothing is closed. */
async function startProxy(): Promise<AsyncDisposable & { url: string; fallSilent(): void }> {
  const { host, port } = parsePostgresURL(server.url)
  const sockets = new Set<Socket>()
  let isSilent = false
  const proxy = createServer((near) => {
    const far = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('data', (chunk) => void (isSilent || to.write(chunk)))
      from.on('error', () => {})
      from.on('close', () => to.destroy())
    }
  })
  await once(proxy.listen(0, '127.0.0.1'), 'listening')
  const address = proxy.address()
  const url = new URL(server.url)
  url.search = ''
  url.hostname = '127.0.0.1'
  url.port = `${typeof address === 'object' ? address?.port : 0}`
  return {
    url: url.href,
    fallSilent: () => (isSilent = true),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      proxy.close()
      await once(proxy, 'close')
    },
  }
}

const pool = { max: 2, idleMs: 1000, connectTimeoutMs: 300, statementTimeoutMs: undefined }

suite('a server that says nothing any more', { skip: server.skip, timeout: 60_000 }, () => {
  test('is no reason to wait for ever at the start', async () => {
    await using proxy = await startProxy()
    proxy.fallSilent()
    const open = toOpen(proxy.url, { dir: '.', waitMs: 1000, pool })
    await assert.rejects(open(), DatabaseUnavailable)
  })

  test('keeps neither a rollback nor the close of an app', async () => {
    await using proxy = await startProxy()
    const driver = await toOpen(proxy.url, { dir: '.', waitMs: 300, pool })()
    const transaction = await driver.begin({ isAbandoned: () => false, label: () => 'a test' })
    const query = { sql: 'select 1', fetch: 'row', access: 'read' } as const
    assert.deepEqual(await transaction.execute(query, []), ['1'])
    proxy.fallSilent()
    const hanging = Promise.resolve(transaction.execute(query, []))
    const lost = assert.rejects(hanging, ConnectionLost)
    await sleep(20)
    await transaction.rollback()
    await lost
    await driver.close()
  })
})
