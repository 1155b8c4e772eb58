import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { column } from '../../../src/sql/migrate/column_definitions.ts'
import { History } from '../../../src/sql/migrate/history.ts'
import { Migrator } from '../../../src/sql/migrate/migrator.ts'
import { distinct, type Operations } from '../../../src/sql/migrate/operations.ts'
import { createAll, readRows, toText } from '../../../src/sql/migrate/proof/rows.ts'
import { differencesOf } from '../../../src/sql/migrate/proof/same_tables.ts'
import { defineRevision } from '../../../src/sql/migrate/revision.ts'
import type { SchemaConnection } from '../../../src/sql/migrate/schema_connection.ts'
import { DATABASES, withSchema } from './databases.ts'

interface Way {
  readonly name: string
  up(op: Operations): void
  down(op: Operations): void
  /** Columns whose values do not come back. */
  readonly loses?: readonly string[]
}

const WAYS: readonly Way[] = [
  {
    name: 'create and drop a table',
    up: (op) =>
      op.createTable('tags', {
        id: column.id(),
        name: column.string(9).unique(),
        task_id: column.integer().references('tasks'),
      }),
    down: (op) => op.dropTable('tags'),
  },
  {
    name: 'rename a table that others refer to',
    up: (op) => op.renameTable('users', 'people'),
    down: (op) => op.renameTable('people', 'users'),
  },
  {
    name: 'add and drop columns of each kind',
    up(op) {
      op.addColumn('tasks', 'note', column.text().nullable())
      op.addColumn('tasks', 'rank', column.integer().default(3))
      op.addColumn('tasks', 'code', column.string(12), { fill: 'x' })
      op.addColumn('tasks', 'number', column.integer().unique(), { fill: distinct })
      op.addColumn('tasks', 'boss_id', column.integer().nullable().references('users').index())
    },
    down(op) {
      op.dropIndex('tasks', ['boss_id'])
      op.dropConstraint('tasks', 'fk_tasks_boss_id')
      op.dropColumn('tasks', 'boss_id')
      op.dropConstraint('tasks', 'uq_tasks_number')
      for (const name of ['number', 'code', 'rank', 'note']) op.dropColumn('tasks', name)
    },
  },
  {
    name: 'drop and add a column',
    up: (op) => op.dropColumn('tasks', 'price'),
    down: (op) => op.addColumn('tasks', 'price', column.decimal(10, 2).default('1.50')),
    loses: ['price'],
  },
  {
    name: 'rename a column with a check, and one that others refer to',
    up(op) {
      op.renameColumn('tasks', 'title', 'headline')
      op.renameColumn('tasks', 'size', 'extent')
      op.renameColumn('users', 'id', 'number')
    },
    down(op) {
      op.renameColumn('users', 'number', 'id')
      op.renameColumn('tasks', 'extent', 'size')
      op.renameColumn('tasks', 'headline', 'title')
    },
  },
  {
    name: 'alter type, null and default',
    up(op) {
      op.alterColumn('tasks', 'title', column.text().nullable())
      op.alterColumn('tasks', 'price', column.decimal(12, 4))
      op.alterColumn('tasks', 'size', column.bigint().default(9n))
    },
    down(op) {
      op.alterColumn('tasks', 'size', column.integer())
      op.alterColumn('tasks', 'price', column.decimal(10, 2).default('1.50'))
      op.alterColumn('tasks', 'title', column.string(20), { fill: '' })
    },
  },
  {
    name: 'add and remove members of an enumeration',
    up: (op) => op.addEnumMembers('tasks', 'status', ['archived']),
    down: (op) => op.removeEnumMembers('tasks', 'status', { archived: 'done' }),
  },
  {
    name: 'remove and add members of an enumeration',
    up: (op) => op.removeEnumMembers('tasks', 'status', { done: 'open' }),
    down: (op) => op.addEnumMembers('tasks', 'status', ['done']),
    loses: ['status'],
  },
  {
    name: 'constraints: unique, check, foreign key, and their names',
    up(op) {
      op.addUnique('tasks', ['user_id', 'title'])
      op.addCheck('tasks', 'ck_tasks_small', 'size < 1000')
      op.renameConstraint('tasks', 'ck_tasks_size', 'ck_tasks_extent')
      op.dropConstraint('tasks', 'fk_tasks_user_id')
      op.addForeignKey('tasks', ['user_id'], 'users', { onDelete: 'restrict', name: 'fk_owner' })
    },
    down(op) {
      op.dropConstraint('tasks', 'fk_owner')
      op.addForeignKey('tasks', ['user_id'], 'users', { onDelete: 'cascade' })
      op.renameConstraint('tasks', 'ck_tasks_extent', 'ck_tasks_size')
      op.dropConstraint('tasks', 'ck_tasks_small')
      op.dropConstraint('tasks', 'uq_tasks_user_id_title')
    },
  },
  {
    name: 'indexes: several columns, descending, partial, renamed, concurrent',
    up(op) {
      op.createIndex('tasks', ['user_id', '-size'], { concurrently: true })
      op.createIndex('tasks', ['title'], { name: 'open_ones', where: `status = 'open'` })
      op.renameConstraint('tasks', 'ix_tasks_title', 'by_title')
    },
    down(op) {
      op.renameConstraint('tasks', 'by_title', 'ix_tasks_title')
      op.dropIndex('tasks', 'open_ones')
      op.dropIndex('tasks', ['user_id', '-size'], { concurrently: true })
    },
  },
  {
    name: 'unique text of any length, and unique where something holds',
    up(op) {
      op.addColumn('tasks', 'note', column.text(), { fill: distinct })
      op.addUnique('tasks', ['note'])
      op.createIndex('tasks', ['title'], { name: 'once', unique: true, where: `status = 'open'` })
      op.renameColumn('tasks', 'note', 'memo')
      op.renameColumn('tasks', 'status', 'state')
      op.renameConstraint('tasks', 'once', 'once_open')
      op.alterColumn('tasks', 'memo', column.string(2000))
    },
    down(op) {
      op.alterColumn('tasks', 'memo', column.string(60))
      op.renameConstraint('tasks', 'once_open', 'once')
      op.renameColumn('tasks', 'state', 'status')
      op.renameColumn('tasks', 'memo', 'note')
      op.dropIndex('tasks', 'once')
      op.dropConstraint('tasks', 'uq_tasks_note')
      op.dropColumn('tasks', 'note')
    },
  },
  {
    name: 'columns of a foreign key, and the indexes that serve it',
    up(op) {
      op.createIndex('tasks', ['user_id', 'size'])
      op.alterColumn('tasks', 'user_id', column.integer().nullable())
      op.createIndex('tasks', ['user_id'])
      op.dropIndex('tasks', ['user_id', 'size'])
      op.renameColumn('tasks', 'user_id', 'owner_id')
      op.renameConstraint('tasks', 'fk_tasks_user_id', 'fk_tasks_owner_id')
    },
    down(op) {
      op.renameConstraint('tasks', 'fk_tasks_owner_id', 'fk_tasks_user_id')
      op.renameColumn('tasks', 'owner_id', 'user_id')
      op.dropIndex('tasks', 'ix_tasks_user_id')
      op.alterColumn('tasks', 'user_id', column.integer())
    },
  },
  {
    name: 'the primary key',
    up(op) {
      op.dropConstraint('tasks', 'fk_tasks_user_id')
      op.alterColumn('users', 'id', column.integer())
      op.setPrimaryKey('users', ['id', 'name'])
    },
    down(op) {
      op.setPrimaryKey('users', ['id'])
      op.alterColumn('users', 'id', column.id())
      op.addForeignKey('tasks', ['user_id'], 'users', { onDelete: 'cascade' })
    },
  },
  {
    name: 'SQL and code, there and back',
    up(op) {
      op.sql('update tasks set size = size + 1')
      op.sql({
        sqlite: 'update tasks set size = size + 1',
        postgresql: 'update tasks set size = size + 1',
        mariadb: 'update tasks set size = size + 1',
      })
      op.data('halve', async (db) => {
        const rows = await db.selectFrom('tasks').select(['id', 'size']).execute()
        for (const { id, size } of rows) {
          await db
            .updateTable('tasks')
            .set({ size: Number(size) - 2 })
            .where('id', '=', id)
            .execute()
        }
      })
    },
    down: () => {},
  },
]

const first = defineRevision({
  id: 'aaaaaaaa',
  parents: [],
  message: 'first',
  date: '2026-01-01',
  upgrade(op) {
    op.createTable('users', { id: column.id(), name: column.string(20) })
    op.createTable(
      'tasks',
      {
        id: column.id(),
        title: column.string(20).index(),
        size: column.integer(),
        price: column.decimal(10, 2).default('1.50'),
        status: column.enumeration(['open', 'done']),
        user_id: column.integer().references('users', { onDelete: 'cascade' }),
      },
      { checks: { ck_tasks_size: 'size > 0' } },
    )
    op.data('rows', async (db) => {
      for (const name of ['Ada', 'Bö', "O'Hara"])
        await db.insertInto('users').values({ name }).execute()
      const { id } = await db
        .selectFrom('users')
        .select('id')
        .orderBy('id', 'desc')
        .executeTakeFirstOrThrow()
      for (const [title, size] of [
        ['one', 1],
        ['zwei 🍪', 22],
        ["it's", 333],
      ] as const) {
        const row = { title, size, status: size > 9 ? 'done' : 'open', user_id: id }
        await db.insertInto('tasks').values(row).execute()
      }
    })
  },
  downgrade(op) {
    op.dropTable('tasks')
    op.dropTable('users')
  },
})

for (const database of DATABASES) {
  suite(`operations on ${database.name}`, { skip: database.skip }, () => {
    for (const way of WAYS) {
      test(way.name, () => withSchema(database, (opened) => thereAndBack(opened, way)))
    }
  })
}

/** Each in a database of its own. */
async function thereAndBack(opened: SchemaConnection, way: Way): Promise<void> {
  const { loses = [] } = way
  const second = defineRevision({
    id: 'bbbbbbbb',
    parents: ['aaaaaaaa'],
    message: 'second',
    date: '2026-02-01',
    upgrade: (op) => way.up(op),
    downgrade: (op) => way.down(op),
  })
  const history = new History([first, second])
  const [connection, reference] = [await opened.openScratch(), await opened.openScratch()]
  try {
    const migrator = new Migrator(history, connection, { print: () => {} })
    await migrator.upgrade('aaaaaaaa')
    const [tables, rows] = [
      await connection.introspect(),
      await allRows(connection, history, loses),
    ]
    assert.equal(rows.length, 6)

    assert.equal(await migrator.upgrade(), 1)
    await createAll(reference, [...history.schemaAt(['bbbbbbbb']).values()])
    assert.deepEqual(differencesOf(await connection.introspect(), await reference.introspect()), [])

    assert.equal(await migrator.downgrade('-1'), 1)
    assert.deepEqual(
      differencesOf(
        await connection.introspect(),
        tables.filter(({ name }) => name !== 'dewar_migrations'),
      ),
      [],
    )
    assert.deepEqual(await allRows(connection, history, loses), rows)
    assert.equal(await migrator.downgrade('base'), 1)
    assert.deepEqual(differencesOf(await connection.introspect(), []), [])
  } finally {
    await connection.close()
    await reference.close()
  }
}

async function allRows(
  connection: SchemaConnection,
  history: History,
  loses: readonly string[],
): Promise<string[]> {
  const lines: string[] = []
  for (const table of history.schemaAt(['aaaaaaaa']).values()) {
    const columns = table.columns.filter(({ name }) => !loses.includes(name))
    const rows = await readRows(connection, { ...table, columns })
    lines.push(
      ...rows.map(
        (row) => `${table.name} ${columns.map(({ name }) => toText(row[name])).join(' ')}`,
      ),
    )
  }
  return lines.toSorted()
}
