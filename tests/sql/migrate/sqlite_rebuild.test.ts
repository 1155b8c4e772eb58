import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { column } from '../../../src/sql/migrate/column_definitions.ts'
import { MigrationError } from '../../../src/sql/migrate/errors.ts'
import { History } from '../../../src/sql/migrate/history.ts'
import { Migrator } from '../../../src/sql/migrate/migrator.ts'
import type { Operations } from '../../../src/sql/migrate/operations.ts'
import { defineRevision } from '../../../src/sql/migrate/revision.ts'
import type { SchemaConnection } from '../../../src/sql/migrate/schema_connection.ts'
import { openSqlite } from '../../../src/sql/sqlite/driver.ts'

const first = defineRevision({
  id: 'aaaaaaaa',
  parents: [],
  message: 'first',
  date: '2026-01-01',
  upgrade(op) {
    op.createTable('users', { id: column.id(), name: column.string(20).unique() })
    op.createTable('tasks', {
      id: column.id(),
      title: column.text(),
      user_id: column.integer().references('users', { onDelete: 'cascade' }),
    })
    op.createTable('log', { id: column.id(), line: column.text() })
  },
  downgrade: () => {},
})

/** A table that others refer to is made anew by `change`. */
async function rebuilt(
  prepare: readonly string[],
  change: (op: Operations) => void,
  look: (connection: SchemaConnection, move: () => Promise<number>) => Promise<void>,
): Promise<void> {
  const parts = { id: 'bbbbbbbb', parents: ['aaaaaaaa'], message: 'second', date: '2026-02-01' }
  const second = defineRevision({ ...parts, upgrade: change, downgrade: () => {} })
  const driver = await openSqlite({ path: undefined, synchronous: 'normal' }, { waitMs: 1000 })
  const connection = await driver.openSchema()
  try {
    const migrator = new Migrator(new History([first, second]), connection, { print: () => {} })
    await migrator.upgrade('aaaaaaaa')
    await connection.execute(`insert into users (name) values ('Ada'), ('Bob'), ('Cy')`)
    await connection.execute(`insert into tasks (title, user_id) select name || '!', id from users`)
    await connection.execute(`delete from users where name = 'Cy'`)
    await connection.execute(`delete from tasks where title = 'Cy!'`)
    for (const sql of prepare) await connection.execute(sql)
    await look(connection, () => migrator.upgrade())
  } finally {
    await connection.close()
    await driver.close()
  }
}

const widen = (op: Operations) => op.alterColumn('users', 'name', column.text())

suite('a table that SQLite makes anew', () => {
  test('keeps its rows, those that refer to it under cascade, and its numbers', () =>
    rebuilt([], widen, async (connection, move) => {
      await move()
      assert.deepEqual(await connection.execute('select * from users order by id'), [
        [1, 'Ada'],
        [2, 'Bob'],
      ])
      assert.equal((await connection.execute('select * from tasks')).length, 2)
      // The number of the row that was deleted is not given again.
      await connection.execute(`insert into users (name) values ('Dee')`)
      assert.deepEqual(await connection.execute(`select id from users where name = 'Dee'`), [[4]])
      const [[sql] = []] = await connection.execute(
        `select sql from sqlite_schema where name = 'users'`,
      )
      assert.match(String(sql), /autoincrement/)
      assert.match(String(sql), /unique/)
    }))

  test('keeps triggers and views', () => {
    const prepare = [
      `create trigger told after insert on users begin insert into log (line) values (new.name); end`,
      `create view names as select name from users`,
    ]
    return rebuilt(prepare, widen, async (connection, move) => {
      await move()
      await connection.execute(`insert into users (name) values ('Dee')`)
      assert.deepEqual(await connection.execute('select line from log'), [['Dee']])
      assert.equal((await connection.execute('select * from names')).length, 3)
    })
  })

  test('names a trigger, of another table too, and a view that would not fit, and changes nothing', async () => {
    const drop = (op: Operations) => {
      op.dropConstraint('users', 'uq_users_name')
      op.dropColumn('users', 'name')
    }
    const prepares = [
      `create trigger told after update on users begin insert into log (line) values (new.name); end`,
      `create trigger told after insert on log begin update users set name = 'x'; end`,
      `create view told as select name from users`,
    ]
    for (const sql of prepares) {
      await rebuilt([sql], drop, async (connection, move) => {
        await assert.rejects(move, (error) => {
          assert.ok(error instanceof MigrationError)
          assert.match(error.message, /told/)
          return true
        })
        assert.equal((await connection.execute('select name from users')).length, 2)
        assert.deepEqual(await connection.execute('select revision from dewar_migrations'), [
          ['aaaaaaaa'],
        ])
      })
    }
  })

  test('is not kept when rows would refer to nothing', () => {
    const prepare = [`insert into tasks (title, user_id) values ('lost', 99)`]
    return rebuilt(prepare, widen, async (connection, move) => {
      await assert.rejects(move, /"tasks" refers to a row of "users" that is not there/)
      assert.deepEqual(await connection.execute('select revision from dewar_migrations'), [
        ['aaaaaaaa'],
      ])
    })
  })

  test('refuses values that do not fit, and keeps all', () =>
    rebuilt(
      [],
      (op) => op.alterColumn('users', 'name', column.string(2)),
      async (connection, move) => {
        await assert.rejects(
          move,
          /Revision bbbbbbbb \(second\): It failed to alter column users.name/,
        )
        assert.equal((await connection.execute('select * from users')).length, 2)
      },
    ))
})
