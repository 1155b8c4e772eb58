import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { askingOf, db, type WatchedApp } from './watched.ts'

export function kyselySuite(app: WatchedApp): void {
  const { reads, writes } = askingOf(app)
  suite('what a statement of Kysely touches', () => {
    test('Kysely’s keys are known where it names one table once', async () => {
      const kysely = () => db.kysely
      assert.deepEqual(
        await reads(() =>
          kysely().selectFrom('tasks as t').selectAll().where('t.id', '=', 1).execute(),
        ),
        { tasks: ['1'] },
      )
      assert.deepEqual(
        await writes(() =>
          kysely().updateTable('tasks').set({ title: 'x' }).where('id', 'in', [1, 2]).execute(),
        ),
        { tasks: ['1', '2'] },
      )
      const inserted = await writes(() =>
        kysely().insertInto('owners').values({ name: 'c' }).execute(),
      )
      // PostgreSQL does not say which key it gave.
      assert.match(JSON.stringify(inserted), /^{"owners":(?:"all"|\["\d+"\])}$/)
      assert.deepEqual(
        await writes(() =>
          kysely()
            .insertInto('owners')
            .values([
              { id: 88, name: 'c' },
              { id: 99, name: 'd' },
            ])
            .execute(),
        ),
        { owners: ['88', '99'] },
      )
      assert.deepEqual(
        await writes(() =>
          kysely()
            .deleteFrom('notes')
            .where((eb) => eb.and([eb('id', '=', 1), eb('text', '=', 'x')]))
            .execute(),
        ),
        { notes: ['1'] },
      )
      assert.deepEqual(
        await writes(() =>
          kysely()
            .updateTable('tasks')
            .set({ title: 'x' })
            .where((eb) => eb.or([eb('id', '=', 1), eb('id', '=', 2)]))
            .execute(),
        ),
        { tasks: 'all' },
      )
      assert.deepEqual(
        await reads(() =>
          kysely()
            .selectFrom('tasks')
            .selectAll()
            .where('id', '=', 1)
            .where('title', '=', (eb) =>
              eb.selectFrom('tasks as o').select('o.title').where('o.id', '=', 2),
            )
            .execute(),
        ),
        { tasks: 'all' },
      )
    })
  })
}
