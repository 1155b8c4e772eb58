import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { App } from 'dewar'
import { database, id, model, StaleRow, string, version } from 'dewar/db'
import { testClient } from 'dewar/testing'
import { forEachDatabase } from '../../services/databases.ts'

const Page = model('pages', { id: id(), title: string(20).unique(), version: version() })
const Part = model('parts', {
  book: string(5).primary(),
  name: string(5).primary(),
  text: string(20),
  edition: version(),
})
const db = database([Page, Part])

function openWiki(url: string) {
  const app = new App('wiki', { logger: false }).install(db, { url })
  app.onStart(async () => {
    await db.dropTables()
    await db.createTables()
    await db.insert(Page, { title: 'a' })
  })
  return app
}

await forEachDatabase((name, { url, skip }) => {
  suite(`a version, on ${name}`, { skip }, () => {
    const wiki = () => openWiki(url)

    test('begins at 1, and is raised by every way to update', async () => {
      await using app = wiki()
      await app.withScope(async () => {
        const first = await db.getOr404(Page, 1)
        assert.equal(first.version, 1)
        assert.equal((await db.update(Page, first, { title: 'b' })).version, 2)
        assert.equal((await db.update(Page, 1, { title: 'c' }))?.version, 3)
        await db.updateMany(Page, {}, { title: 'd' })
        assert.equal((await db.get(Page, 1))?.version, 4)
        assert.equal((await db.upsert(Page, { id: 1, title: 'e' })).version, 5)
        assert.equal((await db.upsert(Page, { title: 'new' }, { on: ['title'] })).version, 1)
        assert.equal((await db.update(Page, await db.getOr404(Page, 1), {})).version, 5)
        assert.equal((await db.update(Page, 1, { title: 'f', version: 99 }))?.version, 6)
      })
    })

    test('refuses an update of a row that others changed, and of one that is gone', async () => {
      await using app = wiki()
      await app.withScope(async () => {
        const read = await db.getOr404(Page, 1)
        await db.update(Page, 1, { title: 'by another' })
        await assert.rejects(db.update(Page, read, { title: 'late' }), StaleRow)
        assert.equal((await db.get(Page, 1))?.title, 'by another')
        await db.delete(Page, 1)
        await assert.rejects(db.update(Page, read, { title: 'late' }), /is gone/)
      })
    })

    test('of a row with a key of several columns', async () => {
      await using app = wiki()
      await app.withScope(async () => {
        const part = await db.insert(Part, { book: 'b', name: 'n', text: 'x' })
        assert.equal((await db.update(Part, part, { text: 'y' })).edition, 2)
        await assert.rejects(db.update(Part, part, { text: 'z' }), StaleRow)
        const byKey = await db.update(Part, { book: 'b', name: 'n' }, { text: 'z' })
        assert.equal(byKey?.edition, 3)
      })
    })

    test('that is stale is a 409; a 412 where the request had If-Match', async () => {
      const app = wiki()
      app.put('/', async () => {
        const read = await db.getOr404(Page, 1)
        await db.update(Page, 1, { title: 'by another' })
        return db.update(Page, read, { title: 'late' })
      })
      await using client = testClient(app)
      const conflict = await client.put('/')
      assert.equal(conflict.status, 409)
      assert.equal(conflict.json().code, 'stale')
      const failed = await client.put('/', { headers: { 'if-match': '"1"' } })
      assert.equal(failed.status, 412)
      assert.equal(failed.json().code, 'stale')
    })

    test('lets one of many writers win at a time; the others see that they lost', async () => {
      const app = wiki()
      app.post('/', async () => {
        const { id: key, version: seen } = await db.getOr404(Page, 1)
        await new Promise((resolve) => setTimeout(resolve, 1))
        return db.update(Page, { id: key, title: 'x', version: seen }, { title: 'y' })
      })
      await using client = testClient(app)
      const answers = await Promise.all(Array.from({ length: 10 }, () => client.post('/')))
      const won = answers.filter(({ status }) => status === 200).length
      assert.ok(won >= 1)
      assert.equal(answers.filter(({ status }) => status === 409).length, 10 - won)
      const row = await app.withScope(() => db.get(Page, 1))
      assert.equal(row?.version, 1 + won)
    })
  })
})
