import type { Logger } from '../../../app/logger.ts'
import type { Driver } from '../../../sql/driver.ts'
import { MigrationError } from '../../../sql/migrate/errors.ts'
import type { History } from '../../../sql/migrate/history.ts'
import { Migrator } from '../../../sql/migrate/migrator.ts'
import type { SchemaConnection } from '../../../sql/migrate/schema_connection.ts'
import { readHeads } from '../../../sql/migrate/version_table.ts'
import type { MigrationFolder } from './migration_folder.ts'

/** An app's database that is open. */
interface OpenDatabase {
  readonly migrations: MigrationFolder
  readonly driver: Driver
  readonly log: Logger
}

/** Bring the database of a running app to a revision. */
export async function upgradeNow(
  { migrations, driver, log }: OpenDatabase,
  target: string | undefined,
): Promise<void> {
  const { history } = await migrations.read()
  const print = (line: string) => log.info(`database: ${line}`)
  await connected(driver, async (connection) => {
    // Most starts find all done, and need no lock to see it.
    if (target === undefined && (await isUpgraded(history, connection))) return
    await new Migrator(history, connection, { print }).upgrade(target)
  })
}

/** @throws {MigrationError} when revisions are to come */
export async function requireUpgraded({ migrations, driver }: OpenDatabase): Promise<void> {
  const { history } = await migrations.read()
  await connected(driver, async (connection) => {
    if (await isUpgraded(history, connection)) return
    const heads = (await readHeads(connection)) ?? []
    const has = heads.map((id) => history.labelOf(id)).join('; ') || 'no revision'
    throw new MigrationError(
      `The database has ${has}, and the app needs ${history.labelOf(history.requireOneHead())}. ` +
        'Run: dewar db upgrade',
    )
  })
}

async function isUpgraded(history: History, connection: SchemaConnection): Promise<boolean> {
  const heads = await readHeads(connection)
  return heads !== undefined && heads.length > 0 && String(heads) === String(history.heads)
}

async function connected(
  driver: Driver,
  work: (connection: SchemaConnection) => Promise<void>,
): Promise<void> {
  const connection = await driver.openSchema()
  try {
    await work(connection)
  } finally {
    await connection.close()
  }
}
