import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DATABASES, withSchema } from '../sql/migrate/databases.ts'
import { killMigrations } from '../sql/migrate/kill.ts'
import { roundTrips } from '../sql/migrate/round_trip.ts'

const PAIRS: Readonly<Record<string, number>> = { sqlite: 200, postgresql: 30, mariadb: 30 }
const KILLS = 20

for (const database of DATABASES) {
  const { name, skip } = database
  test(`random models to others and back, on ${name}`, { skip }, async (t) => {
    const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)
    const pairs = PAIRS[name] ?? 30
    await withSchema(database, async (connection) => {
      const { rows, emptied } = await roundTrips(() => connection.openScratch(), pairs, seed)
      t.diagnostic(`seed ${seed}: ${pairs} pairs, ${rows} rows, ${emptied} tables had to be empty`)
    })
  })

  test(`migrations killed at ${KILLS} random moments, on ${name}`, { skip }, async () => {
    assert.ok((await killMigrations(database, KILLS)) > 0)
  })
}
