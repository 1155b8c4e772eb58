import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { and } from 'dewar/db'
import {
  askingOf,
  db,
  Label,
  Note,
  Owner,
  Reply,
  Task,
  touched,
  touchedBy,
  type WatchedApp,
} from './watched.ts'

export function modelSuite(app: WatchedApp): void {
  const { reads, writes } = askingOf(app)
  suite('what a statement of a model touches', () => {
    test('a read of a key names it; any other is of the table', async () => {
      assert.deepEqual(await touched(app, () => db.get(Task, 7)), {
        reads: { tasks: ['7'] },
        writes: {},
      })
      assert.deepEqual(await reads(() => db.find(Task).where({ title: 'a', id: 7 })), {
        tasks: ['7'],
      })
      assert.deepEqual(
        await reads(() =>
          db
            .find(Task)
            .where({ id: [3, 1, 2] })
            .count(),
        ),
        {
          tasks: ['1', '2', '3'],
        },
      )
      assert.deepEqual(
        await reads(() =>
          db
            .find(Task)
            .where({ id: { eq: 7 } })
            .exists(),
        ),
        {
          tasks: ['7'],
        },
      )
      for (const where of [{ id: { gt: 7 } }, { title: 'a' }, and({ id: 7 }), { id: [] }]) {
        assert.deepEqual(await reads(() => db.find(Task).where(where)), { tasks: 'all' })
      }
      const many = Array.from({ length: 101 }, (_, i) => i)
      assert.deepEqual(await reads(() => db.find(Task).where({ id: many })), { tasks: 'all' })
    })

    test('a key of several columns is one text', async () => {
      const key = { kind: 'k', name: 'n' }
      assert.deepEqual(await reads(() => db.get(Label, key)), { labels: ['["k","n"]'] })
      assert.deepEqual(await writes(() => db.insert(Label, key)), { labels: ['["k","n"]'] })
      assert.deepEqual(await reads(() => db.find(Label).where({ kind: 'k' })), { labels: 'all' })
    })

    test('a write names what it inserts, changes and deletes', async () => {
      let keys: string[] = []
      const keep = (rows: readonly { id: number }[]) =>
        (keys = rows.map(({ id }) => String(id)).toSorted())
      const one = await writes(async () => keep([await db.insert(Owner, { name: 'c' })]))
      assert.deepEqual(one, { owners: keys })
      const many = await writes(async () =>
        keep(await db.insertMany(Owner, [{ name: 'c' }, { name: 'd' }])),
      )
      assert.deepEqual(many, { owners: keys })
      assert.deepEqual(await writes(() => db.update(Task, 1, { title: 'c' })), { tasks: ['1'] })
      assert.deepEqual(await writes(() => db.updateMany(Task, { id: [1, 2] }, { title: 'c' })), {
        tasks: ['1', '2'],
      })
      assert.deepEqual(await writes(() => db.updateMany(Task, {}, { title: 'c' })), {
        tasks: 'all',
      })
      assert.deepEqual(await writes(() => db.delete(Note, 5)), { notes: ['5'] })
      assert.deepEqual(await writes(() => db.upsert(Owner, { name: 'a' }, { on: ['name'] })), {
        owners: ['1'],
      })
    })

    test('cascades are written too, whole', async () => {
      assert.deepEqual(await writes(() => db.delete(Owner, 1)), {
        notes: 'all',
        owners: ['1'],
        tasks: 'all',
      })
      assert.deepEqual(await writes(() => db.delete(Task, 1)), { notes: 'all', tasks: ['1'] })
      assert.deepEqual(await writes(() => db.delete(Reply, 1)), { replies: 'all' })
    })

    test('relations are read: loaded, and in conditions', async () => {
      const graph = await touchedBy(app, () => db.get(Task, 1, { with: { owner: true } }))
      assert.deepEqual(graph, [
        { reads: { tasks: ['1'] }, writes: {} },
        { reads: { owners: ['1'] }, writes: {} },
      ])
      const own = await reads(() => db.find(Reply).where({ id: 1 }).with({ parent: true }))
      assert.deepEqual(own, { replies: ['1'] })
      const related = await reads(() => db.find(Task).where({ owner: { name: 'a' }, id: 1 }))
      assert.deepEqual(related, { owners: 'all', tasks: 'all' })
    })
  })
}
