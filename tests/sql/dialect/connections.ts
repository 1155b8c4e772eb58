import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { ConnectionLost, database, DatabaseError, id, model, string } from 'dewar/db'
import { openApp, type TestedDialect, whenHealed } from './tested.ts'

const Visit = model('visits', { id: id(), name: string(20) })
const db = database([Visit])

export function connectionsSuite(dialect: TestedDialect): void {
  const { killConnections } = dialect
  suite('connections that are ended from outside', { skip: !killConnections }, () => {
    const kill = async () => killConnections?.()

    test('heal: the next read and the next unit of work do not notice', async () => {
      await using opened = await openApp(db, dialect)
      for (let i = 0; i < 3; i++) {
        await Promise.all(
          Array.from({ length: 5 }, () => opened.unit(() => db.find(Visit).count())),
        )
        await kill()
        const counts = Array.from({ length: 5 }, () => opened.unit(() => db.find(Visit).count()))
        assert.deepEqual(await Promise.all(counts), [i, i, i, i, i])
        await kill()
        await opened.unit(() => db.insert(Visit, { name: 'a' }))
      }
    })

    test('undo the unit of work that they were in, which says so', async () => {
      await using opened = await openApp(db, dialect)
      const failed = opened.unit(async () => {
        await db.insert(Visit, { name: 'a' })
        await kill()
        await db.insert(Visit, { name: 'b' })
      })
      await assert.rejects(failed, ConnectionLost)
      const committing = opened.unit(async () => {
        await db.insert(Visit, { name: 'a' })
        await kill()
      })
      await assert.rejects(committing, ConnectionLost)
      const caught = opened.unit(async () => {
        await db.insert(Visit, { name: 'a' })
        await kill()
        await assert.rejects(db.insert(Visit, { name: 'b' }), ConnectionLost)
        await db.insert(Visit, { name: 'c' })
      })
      await assert.rejects(caught, DatabaseError)
      assert.equal(await opened.unit(() => db.find(Visit).count()), 0)
    })

    test('end the statements that run, and leave no unit of work waiting', async () => {
      await using opened = await openApp(db, dialect)
      const row = await opened.unit(() => db.insert(Visit, { name: 'a' }))
      const { promise: goOn, resolve: letGo } = Promise.withResolvers<void>()
      const { promise: locked, resolve: tell } = Promise.withResolvers<void>()
      const holding = opened.unit(async () => {
        await db.get(Visit, row.id, { lock: true })
        tell()
        await goOn
        await db.update(Visit, row.id, { name: 'd' })
      })
      await locked
      const waiting = opened.unit(() => db.update(Visit, row.id, { name: 'b' }))
      const ended = Promise.allSettled([waiting, holding])
      await kill()
      letGo()
      const results = await ended
      assert.ok(results.some((result) => result.status === 'rejected'))
      await whenHealed(() => opened.unit(() => db.update(Visit, row.id, { name: 'c' })))
    })
  })
}
