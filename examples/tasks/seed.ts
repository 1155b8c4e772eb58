import { command } from 'dewar'
import { db } from './extensions.ts'
import { Task } from './models.ts'

/** `dewar init-db`: begin with empty tables and three tasks. */
export const initDb = command({
  name: 'init-db',
  summary: 'Drop and create the tables, and seed three tasks',

  async run({ print }) {
    await seed()
    print('Initialized the database with 3 tasks.')
  },
})

export async function seed(): Promise<void> {
  await db.dropTables()
  await db.createTables()
  await db.insert(Task, { title: 'Refactor with Blueprints', status: 'completed' })
  await db.insert(Task, { title: 'Implement App Factory', status: 'completed' })
  await db.insert(Task, { title: 'Test Refactored API', status: 'pending' })
}

/** A database that is new begins with the three tasks; one that is in use is left as it is. */
export async function seedWhenEmpty(): Promise<void> {
  if ((await db.find(Task).count()) === 0) await seed()
}
