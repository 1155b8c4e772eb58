import { column } from '../../../src/sql/migrate/column_definitions.ts'
import { History } from '../../../src/sql/migrate/history.ts'
import { defineRevision, type Revision } from '../../../src/sql/migrate/revision.ts'

const ROWS = 3000

const first = defineRevision({
  id: 'a0',
  parents: [],
  message: 'rows',
  date: '2026-01-01',
  upgrade(op) {
    op.createTable('users', { id: column.id(), name: column.string(20), size: column.integer() })
    op.createTable('tasks', {
      id: column.id(),
      user_id: column.integer().references('users', { onDelete: 'cascade' }),
    })
    op.data('rows', async (db) => {
      for (let i = 0; i < ROWS; i += 500) {
        const rows = Array.from({ length: 500 }, (_, at) => ({
          name: `user ${i + at}`,
          size: i + at,
        }))
        await db.insertInto('users').values(rows).execute()
      }
      await db
        .insertInto('tasks')
        .columns(['user_id'])
        .expression(db.selectFrom('users').select('id'))
        .execute()
    })
  },
  downgrade(op) {
    op.dropTable('tasks')
    op.dropTable('users')
  },
})

/** Each makes the tables anew on SQLite, and an index outside of the transaction on PostgreSQL. */
const rest = Array.from({ length: 8 }, (_, i): Revision =>
  defineRevision({
    id: `a${i + 1}`,
    parents: [`a${i}`],
    message: `change ${i}`,
    date: `2026-01-0${i + 2}`,
    upgrade(op) {
      op.alterColumn('users', 'name', column.string(21 + i))
      op.addColumn('tasks', `extra_${i}`, column.string(9), { fill: 'x' })
      op.createIndex('users', ['size'], { name: `by_size_${i}`, concurrently: i % 4 === 3 })
    },
    downgrade(op) {
      op.dropIndex('users', `by_size_${i}`)
      op.dropColumn('tasks', `extra_${i}`)
      op.alterColumn('users', 'name', column.string(20 + i))
    },
  }),
)

export const killHistory = new History([first, ...rest])
