import { column, defineRevision } from 'dewar/db'

/**
 * create tasks
 * Downgrade LOSES the table tasks with its rows.
 * Proven on sqlite: up, down and up again with 0 rows (seed 1).
 */
export const revision = defineRevision({
  id: 'e1d11b62',
  parents: [],
  message: 'create tasks',
  date: '2026-11-21T03:33:18.816Z',

  upgrade(op) {
    op.createTable('tasks', {
      id: column.id(),
      title: column.string(150),
      description: column.text().nullable(),
      status: column.enumeration(['pending', 'completed']).default('pending'),
      created_at: column.datetime(),
      updated_at: column.datetime(),
    })
  },

  downgrade(op) {
    op.dropTable('tasks')
  },
})
