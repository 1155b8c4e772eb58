import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { forEachDatabase } from '../../services/databases.ts'
import { db, Reply, Task, touchedBy, watchedApp } from './touches/watched.ts'

await forEachDatabase((name, { url, skip }) => {
  suite(`what a statement touches that joins related rows, on ${name}`, { skip }, () => {
    const app = watchedApp(url)
    before(() => app.ready())
    after(() => app.close())

    test('it is one statement, and names the keys of both', async () => {
      assert.deepEqual(
        await touchedBy(app, () =>
          db
            .find(Task)
            .where({ id: [1, 2] })
            .with({ owner: true }),
        ),
        [{ reads: { owners: ['1', '2'], tasks: ['1', '2'] }, writes: {} }],
      )
    })

    test('a table that a condition reads too is read whole', async () => {
      assert.deepEqual(
        await touchedBy(app, () =>
          db
            .find(Task)
            .where({ owner: { name: 'a' } })
            .with({ owner: true }),
        ),
        [{ reads: { owners: 'all', tasks: 'all' }, writes: {} }],
      )
    })

    test('a row of the same table counts with its key too', async () => {
      const touched = await touchedBy(app, async () => {
        const parent = await db.insert(Reply, { id: 51 })
        const child = await db.insert(Reply, { id: 52, parent_id: parent.id })
        await db.find(Reply).where({ id: child.id }).with({ parent: true })
        await db.find(Reply).where({ id: parent.id }).with({ parent: true })
      })
      assert.deepEqual(touched.slice(-2), [
        { reads: { replies: ['51', '52'] }, writes: {} },
        { reads: { replies: ['51'] }, writes: {} },
      ])
    })
  })
})
