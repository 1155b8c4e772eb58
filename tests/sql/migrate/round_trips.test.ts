import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DATABASES, withSchema } from './databases.ts'
import { roundTrips } from './round_trip.ts'

/** `npm run prove` has more of them. */
const RUNS: Readonly<Record<string, number>> = { sqlite: 20, postgresql: 4, mariadb: 4 }

for (const database of DATABASES) {
  test(`${database.name} goes from random models to others and back, with rows`, async (t) => {
    const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)
    const runs = Number(process.env['RUNS'] ?? RUNS[database.name])
    await withSchema(database, async (connection) => {
      const { rows, emptied } = await roundTrips(() => connection.openScratch(), runs, seed)
      t.diagnostic(`seed ${seed}: ${runs} pairs, ${rows} rows, ${emptied} tables had to be empty`)
      assert.ok(rows > 0)
    })
  })
}
