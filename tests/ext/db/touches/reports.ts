import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { committedBy, db, Label, Note, Owner, Task, type WatchedApp } from './watched.ts'

export function reportsSuite(app: WatchedApp): void {
  suite('db.onStatement', () => {
    test('tells of failures too, and costs no request its answer when a listener fails', async () => {
      await app.withScope(async () => {
        const seen: [string, boolean][] = []
        const stops = [
          db.onStatement(() => {
            throw new Error('listener')
          }),
          db.onStatement(({ access, error, durationMs, scope }) => {
            assert.ok(durationMs >= 0)
            assert.equal(scope.kind, 'command')
            seen.push([access, error === undefined])
          }),
        ]
        await db.get(Owner, 1)
        await assert.rejects(db.transaction(() => db.insert(Owner, { name: 'a' })))
        stops.forEach((stop) => stop())
        await db.get(Owner, 1)
        assert.deepEqual(seen, [
          ['read', true],
          ['write', false],
        ])
      })
    })
  })

  suite('db.onCommit', () => {
    test('reports all that was written and not undone, once, after it is safe', async () => {
      let key = 0
      const writes = await committedBy(app, async () => {
        key = (await db.insert(Owner, { name: 'reported' })).id
        await db.get(Task, 1)
        await db.update(Task, 1, { title: 'x' })
        await db.update(Task, 2, { title: 'x' })
        await db.transaction(() => db.insert(Label, { kind: 'a', name: 'b' }))
        const undone = db.transaction(async () => {
          await db.deleteMany(Note, {})
          throw new Error('boom')
        })
        await assert.rejects(undone, /boom/)
      })
      assert.deepEqual(writes, [{ labels: ['["a","b"]'], owners: [`${key}`], tasks: ['1', '2'] }])
    })

    test('says nothing of what was undone, or only read', async () => {
      const undone = committedBy(app, async () => {
        await db.insert(Owner, { name: 'x' })
        throw new Error('boom')
      })
      await assert.rejects(undone, /boom/)
      assert.deepEqual(await committedBy(app, () => db.find(Owner)), [])
    })

    test('many keys are the whole table', async () => {
      const writes = await committedBy(app, async () => {
        for (let i = 0; i < 101; i++) await db.insert(Label, { kind: 'many', name: `${i}` })
      })
      assert.deepEqual(writes, [{ labels: 'all' }])
    })

    test('comes before hooks, and in the request before its answer', async () => {
      const order: string[] = []
      await app.withScope(async () => {
        const stop = db.onCommit(async () => {
          await Promise.resolve()
          order.push('report')
          stop()
        })
        db.afterCommit(() => void order.push('hook'))
        await db.update(Task, 1, { title: 'y' })
      })
      assert.deepEqual(order, ['report', 'hook'])
    })
  })
}
