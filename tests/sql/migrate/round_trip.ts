import assert from 'node:assert/strict'
import fc from 'fast-check'
import { diffBoth } from '../../../src/sql/migrate/diff.ts'
import { prove } from '../../../src/sql/migrate/proof/prove.ts'
import { NO_RENAMES } from '../../../src/sql/migrate/renames.ts'
import type { SchemaConnection } from '../../../src/sql/migrate/schema_connection.ts'
import { randomSchema } from './random_models.ts'

/** Random pairs of models: from A to B and back with rows, and there again. @returns how many rows there were */
export async function roundTrips(
  openScratch: () => Promise<SchemaConnection>,
  numRuns: number,
  seed: number,
): Promise<{ rows: number; emptied: number }> {
  const count = { rows: 0, emptied: 0 }
  await fc.assert(
    fc.asyncProperty(randomSchema, randomSchema, async (from, to) => {
      const { up, down } = diffBoth(from, to, NO_RENAMES)
      const proof = await prove(openScratch, {
        from,
        up: up.operations,
        down: down.operations,
        seed,
      })
      assert.deepEqual(proof.problems, [])
      count.rows += proof.rows
      count.emptied += proof.emptied.size
    }),
    { numRuns, seed },
  )
  return count
}
