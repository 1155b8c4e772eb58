import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { suite, test } from 'node:test'
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseSync } from 'node:sqlite'
import { sql } from 'dewar/db'
import { temporaryDir } from '../../sql/fixtures.ts'
import { Account, bank, db, Entry, startScript } from './fixtures.ts'
import { killRounds } from './kill_rounds.ts'

suite('several processes', () => {
  test('a lock held by another process does not stop the server, and a write waits for it', async () => {
    using dir = temporaryDir()
    const file = join(dir.path, 'new folder', 'bank.db')
    await using app = bank(`sqlite:///${encodeURI(file)}`)
    app.post('/', () => db.insert(Entry, { token: 'a' }))
    const address = await app.listen({ port: 0 })
    const { gone } = await startScript(
      new URL('./hold_lock.script.ts', import.meta.url),
      file,
      '2000',
    )
    const start = performance.now()
    const write = fetch(address, { method: 'POST' })
    const tookMs: number[] = []
    while (performance.now() - start < 1200) {
      const asked = performance.now()
      const health = await fetch(`${address}/health`)
      assert.deepEqual(await health.json(), { status: 'ok' })
      tookMs.push(performance.now() - asked)
      await sleep(20)
    }
    // The middle one: other tests share the machine. A server that waits would answer none.
    const middle = tookMs.toSorted((a, b) => a - b)[tookMs.length >> 1] ?? Infinity
    assert.ok(middle < 50, `/health took ${middle} ms`)
    assert.equal((await write).status, 200)
    assert.ok(performance.now() - start > 1500)
    await gone
  })

  test('a lock held for longer than the deadline is a 503, and the next write works', async () => {
    using dir = temporaryDir()
    const file = join(dir.path, 'bank.db')
    await using app = bank(`sqlite:///${file}`, { wait: '100ms' })
    app.post('/', () => db.insert(Entry, { token: 'a' }))
    const address = await app.listen({ port: 0 })
    const { gone } = await startScript(
      new URL('./hold_lock.script.ts', import.meta.url),
      file,
      '600',
    )
    const start = performance.now()
    const refused = await fetch(address, { method: 'POST' })
    const took = performance.now() - start
    assert.equal(refused.status, 503)
    assert.equal(refused.headers.get('retry-after'), '1')
    assert.ok(took >= 95 && took < 400, `${took} ms`)
    await gone
    assert.equal((await fetch(address, { method: 'POST' })).status, 200)
  })

  test('a restart keeps rows, and never gives the id of a deleted one again', async () => {
    using dir = temporaryDir()
    const url = `sqlite:///${join(dir.path, 'bank.db')}`
    await using first = bank(url)
    await first.withScope(async () => {
      await db.insert(Account, { name: 'a' })
      const { id } = await db.insert(Account, { name: 'b' })
      await db.delete(Account, id)
    })
    await first.close()
    assert.deepEqual(readdirSync(dir.path), ['bank.db'])
    await using second = bank(url)
    await second.withScope(async () => {
      assert.deepEqual(await db.find(Account).count(), 1)
      assert.equal((await db.insert(Account, { name: 'c' })).id, 3)
    })
  })

  test('two apps in one process share nothing but a file; a private database is gone when closed', async () => {
    using dir = temporaryDir()
    const url = `sqlite:///${join(dir.path, 'bank.db')}`
    await using one = bank(url)
    await using two = bank(url)
    await using other = bank()
    await one.withScope(() => db.insert(Account, { name: 'a' }))
    await two.withScope(() => db.insert(Account, { name: 'b' }))
    assert.equal(await one.withScope(() => db.find(Account).count()), 2)
    assert.equal(await other.withScope(() => db.find(Account).count()), 0)
    const { rows } = await other.withScope(() =>
      sql<{ file: string }>`pragma database_list`.execute(db.kysely),
    )
    const file = rows[0]?.file ?? ''
    assert.equal(existsSync(file), true)
    await other.close()
    assert.equal(existsSync(dirname(file)), false)
  })

  test('another process sees what was committed at once', async () => {
    using dir = temporaryDir()
    const file = join(dir.path, 'bank.db')
    await using app = bank(`sqlite:///${file}`)
    await app.ready()
    const other = new DatabaseSync(file)
    await app.withScope(async () => {
      await db.insert(Entry, { token: 'a' })
      assert.equal(other.prepare('select count(*) as n from entries').get()?.['n'], 0)
    })
    assert.equal(other.prepare('select count(*) as n from entries').get()?.['n'], 1)
    other.close()
  })

  test('a full disk is a 503; nothing is kept by half, and reading goes on', async () => {
    using dir = temporaryDir()
    const script = fileURLToPath(new URL('full_disk.script.ts', import.meta.url))
    const { stdout } = await promisify(execFile)('sh', [
      '-c',
      'ulimit -f 2000; exec "$@"',
      'sh',
      process.execPath,
      '--conditions=@dewar/source',
      script,
      `sqlite:///${join(dir.path, 'bank.db')}`,
    ])
    const { status, kept, count } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
    assert.equal(status, 503)
    assert.ok(kept > 0)
    assert.equal(count, kept * 200)
  })

  test('a server killed at random moments has lost nothing that it acknowledged', async () => {
    using dir = temporaryDir()
    assert.ok((await killRounds(join(dir.path, 'bank.db'), 3)) > 3)
  })
})
