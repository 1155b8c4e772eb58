import { test } from 'node:test'
import { DATABASES } from './databases.ts'
import { killMigrations } from './kill.ts'

/** `npm run prove` kills more of them. */
const ROUNDS = 4

for (const database of DATABASES) {
  test(
    `migrations killed at random moments, on ${database.name}`,
    { skip: database.skip },
    async (t) => {
      const killed = await killMigrations(database, Number(process.env['ROUNDS'] ?? ROUNDS))
      t.diagnostic(`${killed} were in the middle`)
    },
  )
}
