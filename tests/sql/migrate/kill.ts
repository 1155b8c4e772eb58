import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Migrator } from '../../../src/sql/migrate/migrator.ts'
import { createAll } from '../../../src/sql/migrate/proof/rows.ts'
import { differencesOf } from '../../../src/sql/migrate/proof/same_tables.ts'
import type { SchemaConnection } from '../../../src/sql/migrate/schema_connection.ts'
import { type NamedDatabase, withSchema } from './databases.ts'
import { killHistory } from './kill_history.ts'

const SCRIPT = fileURLToPath(new URL('upgrade.script.ts', import.meta.url))

/** Upgrades and downgrades, each killed at a random moment; after each the tables are those of the revision that is recorded. @returns how many were in the middle */
export async function killMigrations(database: NamedDatabase, rounds: number): Promise<number> {
  let killed = 0
  for (let round = 0; round < rounds; round++) {
    const way = round % 2 === 0 ? 'up' : 'down'
    if (await isKilled(database.url, way, Math.random() * 600)) killed++
    await withSchema(database, async (connection) => {
      const migrator = new Migrator(killHistory, connection, { print: () => {} })
      const { heads = [], unfinished } = await migrator.position()
      if (!unfinished) await requireTables(connection, heads)
      // It goes on from wherever that is, the same way.
      if (unfinished?.direction === 'downgrade') await migrator.downgrade('base')
      else await migrator.upgrade()
      await requireTables(connection, (await migrator.position()).heads ?? [])
      if (way === 'up') return
      await migrator.downgrade('base')
    })
  }
  return killed
}

async function requireTables(
  connection: SchemaConnection,
  heads: readonly string[],
): Promise<void> {
  const wanted = [...killHistory.schemaAt(heads).values()]
  const scratch = await connection.openScratch()
  try {
    await createAll(scratch, wanted)
    assert.deepEqual(differencesOf(await connection.introspect(), await scratch.introspect()), [])
    for (const { name } of wanted) {
      assert.equal((await connection.execute(`select id from ${name}`)).length, 3000)
    }
  } finally {
    await scratch.close()
  }
}

async function isKilled(url: string, way: string, afterMs: number): Promise<boolean> {
  const args = ['--conditions=@dewar/source', SCRIPT, url, way]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  await Promise.race([once(child.stdout, 'data'), ended])
  const timer = setTimeout(() => child.kill('SIGKILL'), afterMs)
  const [, signal] = await ended
  clearTimeout(timer)
  return signal === 'SIGKILL'
}
