import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { App } from 'dewar'
import { testClient } from 'dewar/testing'
import { temporaryDir } from '../../sql/fixtures.ts'
import { bank, db, Entry, recorder } from './fixtures.ts'

/** A database of its own at `url`, with one entry that tells which it is. */
async function prepare(url: string, token: string): Promise<void> {
  await using app = bank(url)
  await app.withScope(() => db.insert(Entry, { token }))
}

const read = async () => {
  const entry = await db.get(Entry, 1)
  return entry?.token
}

/** An app whose database has two replicas that can be told from it. */
async function replicated(dir: string, ...more: string[]) {
  const urlOf = (name: string) => `sqlite:///${join(dir, `${name}.db`)}`
  for (const name of ['primary', 'one', 'two']) await prepare(urlOf(name), name)
  const log = recorder()
  const { pino } = await import('pino')
  const app = new App('replicated', { logger: pino({}, log.stream) }).install(db, {
    url: urlOf('primary'),
    replicas: [urlOf('one'), urlOf('two'), ...more],
  })
  return { app, log }
}

suite('replicas', () => {
  test('answer reads in turn, until the first write of the scope', async () => {
    using dir = temporaryDir()
    const { app } = await replicated(dir.path)
    app.get('/', async () => [await read(), await read(), await read()])
    app.post('/', async () => {
      const before = await read()
      await db.insert(Entry, { token: 'new' })
      return [before, await read(), await db.find(Entry).count()]
    })
    app.post('/undone', async () => {
      await db.transaction(() => Promise.reject(new Error('boom'))).catch(() => {})
      return [await read(), await read()]
    })
    app.get('/primary', async () => {
      db.usePrimary()
      return [await read(), (await db.kysely.selectFrom('entries').selectAll().execute()).length]
    })
    await using client = testClient(app)
    assert.deepEqual((await client.get('/')).json(), ['one', 'two', 'one'])
    assert.deepEqual((await client.post('/')).json(), ['two', 'primary', 2])
    assert.deepEqual((await client.post('/undone')).json(), ['primary', 'primary'])
    assert.deepEqual((await client.get('/primary')).json(), ['primary', 2])
  })

  test('what runs after a commit reads what was committed', async () => {
    using dir = temporaryDir()
    const { app } = await replicated(dir.path)
    let seen: unknown
    await using _ = app
    await app.withScope(async () => {
      await db.update(Entry, 1, { token: 'changed' })
      db.afterCommit(async () => (seen = await read()))
    })
    assert.equal(seen, 'changed')
  })

  test('that cannot be opened are left alone, with a warning', async () => {
    using dir = temporaryDir()
    const broken = join(dir.path, 'broken.db')
    mkdirSync(broken)
    const { app, log } = await replicated(dir.path, `sqlite:///${broken}`)
    await using _ = app
    const seen = await app.withScope(async () => [await read(), await read(), await read()])
    assert.deepEqual(seen, ['one', 'two', 'one'])
    const warnings = log.lines.filter(({ replica }) => replica === 3)
    assert.equal(warnings.length, 1)
  })

  test('leave the database itself to answer when there is none', async () => {
    using dir = temporaryDir()
    const broken = join(dir.path, 'broken.db')
    mkdirSync(broken)
    await prepare(`sqlite:///${dir.path}/primary.db`, 'primary')
    await using app = new App('alone', { logger: false }).install(db, {
      url: `sqlite:///${dir.path}/primary.db`,
      replicas: [`sqlite:///${broken}`],
    })
    assert.equal(await app.withScope(read), 'primary')
  })
})
