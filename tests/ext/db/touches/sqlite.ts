import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { sql, touching } from 'dewar/db'
import { askingOf, db, Owner, Task, touchedBy, type WatchedApp } from './watched.ts'

export function sqliteSuite(app: WatchedApp): void {
  const { reads, writes } = askingOf(app)
  suite('what a statement of one’s own touches, on SQLite', () => {
    const run = (text: string) => sql.raw(text).execute(db.kysely)

    test('through views, subqueries, joins and common table expressions', async () => {
      await app.withScope(() => run('create view late as select title from tasks where id > 1'))
      assert.deepEqual(Object.keys(await reads(() => run('select * from late'))).toSorted(), [
        'late',
        'tasks',
      ])
      assert.deepEqual(
        await reads(() =>
          run(`with q as (select owner_id from tasks) select name from owners
             where id in (select owner_id from q) and exists (select 1 from notes)`),
        ),
        { notes: 'all', owners: 'all', tasks: 'all' },
      )
      assert.deepEqual(
        await writes(() =>
          run('update tasks set title = o.name from owners o where o.id = owner_id'),
        ),
        { tasks: 'all' },
      )
      assert.deepEqual(
        await writes(() =>
          run(`insert into owners (id, name) select 9, title from tasks limit 1
             on conflict do update set name = 'x'`),
        ),
        { owners: 'all' },
      )
      await app.withScope(() => run('drop view late'))
    })

    test('through triggers and cascades; a trigger hides which rows', async () => {
      const last = await app.withScope(() => db.find(Owner).orderBy('-id').first())
      const next = `${Number(last?.id) + 1}`
      await app.withScope(() =>
        run(`create trigger log after insert on owners
           begin insert into labels (kind, name) values ('new', new.name); end`),
      )
      assert.deepEqual(await writes(() => db.insert(Owner, { name: 'c' })), {
        labels: 'all',
        owners: [next],
      })
      await app.withScope(() => run('drop trigger log'))
      assert.deepEqual(await writes(() => db.insert(Owner, { name: 'c' })), { owners: [next] })
      await app.withScope(() =>
        run(`create trigger same after update on tasks when new.id = 1
           begin update tasks set title = new.title where id = 2; end`),
      )
      assert.deepEqual(await writes(() => db.update(Task, 1, { title: 'x' })), { tasks: 'all' })
      await app.withScope(() => run('drop trigger same'))
      assert.deepEqual(await writes(() => run('delete from owners where id = 1')), {
        notes: 'all',
        owners: 'all',
        tasks: 'all',
      })
    })

    test('a change of the schema may be anything', async () => {
      const touches = await touchedBy(app, () => run('create table extra (x)'))
      assert.deepEqual(touches, ['everything'])
    })
  })

  test('touching() runs like the SQL within it', async () => {
    await app.withScope(async () => {
      const found = await touching(
        { reads: [Owner] },
        sql<{ n: number }>`select count(*) as n from replies`,
      ).execute(db.kysely)
      assert.deepEqual(found.rows, [{ n: 0 }])
      const row = await db.kysely
        .selectFrom('owners')
        .select(touching({}, sql<number>`1 + ${1}`).as('two'))
        .executeTakeFirst()
      assert.equal(row?.two, 2)
    })
  })
}
