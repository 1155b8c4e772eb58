import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSqlite } from '../../../src/sql/sqlite/driver.ts'
import { roundTrips } from './round_trip.ts'

test('SQLite goes from random models to others and back, with rows', async (t) => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)
  t.diagnostic(`seed ${seed}`)
  const driver = await openSqlite({ path: undefined, synchronous: 'normal' }, { waitMs: 1000 })
  const connection = await driver.openSchema()
  try {
    const { rows, emptied } = await roundTrips(
      () => connection.openScratch(),
      Number(process.env['RUNS'] ?? 20),
      seed,
    )
    t.diagnostic(`${rows} rows, ${emptied} tables had to be empty`)
    assert.ok(rows > 0)
  } finally {
    await connection.close()
    await driver.close()
  }
})
