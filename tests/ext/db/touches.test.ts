import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { and, sql, touching } from 'dewar/db'
import { type DatabaseName, forEachDatabase } from '../../services/databases.ts'
import type { Executor } from '../../../src/sql/driver.ts'
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
  type WatchedApp,
  watchedApp,
} from './watched.ts'

await forEachDatabase((name, { url, skip }) => {
  suite(`touches, on ${name}`, { skip }, () => {
    const app = watchedApp(url)
    before(() => app.ready())
    after(() => app.close())
    modelSuite(app)
    kyselySuite(app)
    reportsSuite(app)
    if (name === 'sqlite') sqliteSuite(app)
    else serverSuite(app, name)
  })
})

/** What the statements of `work` touch. */
async function touched(app: WatchedApp, work: () => unknown): Promise<Touched> {
  const all = await touchedBy(app, work)
  const known = all.filter((each) => each !== 'everything')
  assert.equal(known.length, all.length)
  assert.ok(all.length > 0)
  return {
    reads: Object.assign({}, ...known.map((each) => each.reads)),
    writes: Object.assign({}, ...known.map((each) => each.writes)),
  }
}

function askingOf(app: WatchedApp) {
  return {
    reads: async (work: () => unknown) => (await touched(app, work)).reads,
    writes: async (work: () => unknown) => (await touched(app, work)).writes,
  }
}

function modelSuite(app: WatchedApp): void {
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
      const related = await reads(() => db.find(Task).where({ owner: { name: 'a' }, id: 1 }))
      assert.deepEqual(related, { owners: 'all', tasks: 'all' })
    })
  })
}

function kyselySuite(app: WatchedApp): void {
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

function reportsSuite(app: WatchedApp): void {
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

function sqliteSuite(app: WatchedApp): void {
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

/** The catalogue is read again after a change of the schema; until then anything may be touched. */
async function whenKnown<T>(ask: () => Promise<T>): Promise<T> {
  for (let i = 0; i < 100; i++) {
    const answer = await ask()
    if (JSON.stringify(answer) !== '["everything"]') return answer
    await sleep(10)
  }
  throw new Error('What the database is made of never came to be known.')
}

const TRIGGERS = {
  mariadb: [
    `create trigger log_owner after insert on owners for each row
     insert into labels (kind, name) values ('new', new.name)`,
    'drop trigger log_owner',
  ],
  postgresql: [
    `create function log_owner() returns trigger language plpgsql as
     $$ begin insert into labels (kind, name) values ('new', new.name); return new; end $$;
     create trigger log_owner after insert on owners for each row execute function log_owner()`,
    'drop trigger log_owner on owners; drop function log_owner()',
  ],
} as const

/** MariaDB defines tables outside of any unit of work, where PostgreSQL takes several statements at once. */
async function sqlOn(app: WatchedApp, text: string): Promise<void> {
  await app.withScope(async () => {
    const { driver, watch } = app.state(db)
    const run = async (executor: Executor) => {
      await executor.execute({ sql: text, fetch: 'count', access: 'write' }, [])
    }
    await (driver.define ? driver.define(run) : run(app.state(db)))
    await watch.learn()
  })
}

function serverSuite(app: WatchedApp, name: Exclude<DatabaseName, 'sqlite'>): void {
  suite('where the database does not tell', () => {
    const run = (text: string) => sql.raw(text).execute(db.kysely)

    test('a statement as text may touch anything, unless touching() says', async () => {
      assert.deepEqual(await touchedBy(app, () => run('select * from tasks')), ['everything'])
      const text = sql<{ n: number }>`select count(*) as n from tasks`
      const declared = await touchedBy(app, () =>
        touching({ reads: [Task] }, text).execute(db.kysely),
      )
      assert.deepEqual(declared, [{ reads: { tasks: 'all' }, writes: {} }])
    })

    test('a table with triggers may touch anything, and so may a view', async () => {
      const [create, drop] = TRIGGERS[name]
      const define = (text: string) => sqlOn(app, text)
      await define('create view some_tasks as select * from tasks')
      await define(create)
      const insert = () => touchedBy(app, () => db.insert(Owner, { name: 'c' }))
      const read = () => touchedBy(app, () => db.get(Task, 1))
      try {
        await whenKnown(read)
        assert.deepEqual(await insert(), ['everything'])
        const view = await touchedBy(app, () =>
          db.kysely
            .selectFrom('some_tasks' as 'tasks')
            .selectAll()
            .execute(),
        )
        assert.deepEqual(view, ['everything'])
      } finally {
        await define(drop)
        await define('drop view some_tasks')
      }
      await whenKnown(insert)
    })

    test('a commit that may have written anything says so', async () => {
      const writes = await committedBy(app, () => run("update tasks set title = 'x' where id = 1"))
      assert.deepEqual(writes, ['everything'])
    })
  })
}
