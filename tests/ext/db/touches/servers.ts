import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql, touching } from 'dewar/db'
import type { Executor } from '../../../../src/sql/driver.ts'
import type { DatabaseName } from '../../../services/databases.ts'
import { committedBy, db, Owner, Task, touchedBy, type WatchedApp } from './watched.ts'

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
  mariadb: {
    make: [
      `create trigger log_owner after insert on owners for each row
       insert into labels (kind, name) values ('new', new.name)`,
    ],
    drop: ['drop trigger log_owner'],
  },
  postgresql: {
    make: [
      `create function log_owner() returns trigger language plpgsql as
       $$ begin insert into labels (kind, name) values ('new', new.name); return new; end $$`,
      'create trigger log_owner after insert on owners for each row execute function log_owner()',
    ],
    drop: ['drop trigger log_owner on owners', 'drop function log_owner()'],
  },
} as const

/** MariaDB defines tables outside of any unit of work. */
async function define(app: WatchedApp, ...statements: readonly string[]): Promise<void> {
  await app.withScope(async () => {
    const { driver, watch } = app.state(db)
    const run = async (executor: Executor) => {
      for (const text of statements) {
        await executor.execute({ sql: text, fetch: 'count', access: 'write' }, [])
      }
    }
    await (driver.define ? driver.define(run) : run(app.state(db)))
    await watch.learn()
  })
}

export function serverSuite(app: WatchedApp, name: Exclude<DatabaseName, 'sqlite'>): void {
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
      const { make, drop } = TRIGGERS[name]
      await define(app, 'create view some_tasks as select * from tasks', ...make)
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
        await define(app, ...drop, 'drop view some_tasks')
      }
      await whenKnown(insert)
    })

    test('a commit that may have written anything says so', async () => {
      const writes = await committedBy(app, () => run("update tasks set title = 'x' where id = 1"))
      assert.deepEqual(writes, ['everything'])
    })
  })
}
