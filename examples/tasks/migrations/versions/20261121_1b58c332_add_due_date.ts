import { column, defineRevision } from 'dewar/db'

/**
 * add due date
 * Downgrade LOSES the values of tasks.due_date.
 * Proven on sqlite: up, down and up again with 200 rows (seed 2).
 */
export const revision = defineRevision({
  id: '1b58c332',
  parents: ['e1d11b62'],
  message: 'add due date',
  date: '2026-11-21T03:33:19.767Z',

  upgrade(op) {
    op.addColumn('tasks', 'due_date', column.date().nullable())
  },

  downgrade(op) {
    op.dropColumn('tasks', 'due_date')
  },
})
