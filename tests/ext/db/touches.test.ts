import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { and, sql, touching } from 'dewar/db'
import { App } from 'dewar'
import {
  committedBy,
  db,
  Label,
  Note,
  Owner,
  Reply,
  Task,
  type Touched,
  touchedBy,
  watchedApp,
} from './watched.ts'

const app = watchedApp('sqlite::memory:')
before(() => app.ready())
after(() => app.close())

/** What the one statement of `work` touches. */
async function touched(work: () => unknown): Promise<Touched> {
  const [first, ...more] = await touchedBy(app, work)
  assert.equal(more.length, 0)
  assert.ok(first !== undefined && first !== 'everything')
  return first
}
const reads = async (work: () => unknown) => (await touched(work)).reads
const writes = async (work: () => unknown) => (await touched(work)).writes

suite('what a statement of a model touches', () => {
  test('a read of a key names it; any other is of the table', async () => {
    assert.deepEqual(await touched(() => db.get(Task, 7)), { reads: { tasks: ['7'] }, writes: {} })
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
    assert.deepEqual(await writes(() => db.insert(Owner, { name: 'c' })), { owners: ['3'] })
    assert.deepEqual(await writes(() => db.insertMany(Owner, [{ name: 'c' }, { name: 'd' }])), {
      owners: ['3', '4'],
    })
    assert.deepEqual(await writes(() => db.update(Task, 1, { title: 'c' })), { tasks: ['1'] })
    assert.deepEqual(await writes(() => db.updateMany(Task, { id: [1, 2] }, { title: 'c' })), {
      tasks: ['1', '2'],
    })
    assert.deepEqual(await writes(() => db.updateMany(Task, {}, { title: 'c' })), { tasks: 'all' })
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
    const related = await reads(() => db.find(Task).where({ owner: { name: 'a' }, id: 1 }))
    assert.deepEqual(related, { owners: 'all', tasks: 'all' })
  })
})

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
    await app.withScope(() =>
      run(`create trigger log after insert on owners
           begin insert into labels (kind, name) values ('new', new.name); end`),
    )
    assert.deepEqual(await writes(() => db.insert(Owner, { name: 'c' })), {
      labels: 'all',
      owners: ['3'],
    })
    await app.withScope(() => run('drop trigger log'))
    assert.deepEqual(await writes(() => db.insert(Owner, { name: 'c' })), { owners: ['3'] })
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
    assert.deepEqual(
      await writes(() => kysely().insertInto('owners').values({ name: 'c' }).execute()),
      { owners: ['3'] },
    )
    assert.deepEqual(
      await writes(() =>
        kysely()
          .insertInto('owners')
          .values([
            { id: 8, name: 'c' },
            { id: 9, name: 'd' },
          ])
          .execute(),
      ),
      { owners: ['8', '9'] },
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
    const writes = await committedBy(app, async () => {
      await db.insert(Owner, { name: 'c' })
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
    assert.deepEqual(writes, [{ labels: ['["a","b"]'], owners: ['3'], tasks: ['1', '2'] }])
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

test('touching() runs like the SQL within it', async () => {
  await using other = new App('other', { logger: false }).install(db, { url: 'sqlite::memory:' })
  await other.withScope(async () => {
    await db.createTables()
    await db.insert(Owner, { name: 'a' })
    const found = await touching(
      { reads: [Owner] },
      sql<{ n: number }>`select count(*) as n from owners`,
    ).execute(db.kysely)
    assert.deepEqual(found.rows, [{ n: 1 }])
    const row = await db.kysely
      .selectFrom('owners')
      .select(touching({}, sql<number>`1 + ${1}`).as('two'))
      .executeTakeFirst()
    assert.equal(row?.two, 2)
  })
})
