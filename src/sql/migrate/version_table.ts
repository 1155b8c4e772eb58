import type { SchemaConnection } from './schema_connection.ts'

/** Where a database says which revisions it has. */
const VERSION_TABLE = 'dewar_migrations'

/** Tables that are no part of what migrations describe: Dewar's own, and Alembic's. */
export const OWN_TABLES: ReadonlySet<string> = new Set([
  VERSION_TABLE,
  'dewar_migration_steps',
  'alembic_version',
])

/** The last revisions that were applied; undefined where none ever was. */
export async function readHeads(
  connection: SchemaConnection,
): Promise<readonly string[] | undefined> {
  if (!(await connection.hasTable(VERSION_TABLE))) return undefined
  const rows = await connection.execute(`select revision from ${VERSION_TABLE} order by revision`)
  return rows.map(([revision]) => String(revision))
}

/** The statement that makes the table where it is missing. */
export const CREATE_VERSION_TABLE = `create table if not exists ${VERSION_TABLE} (
  revision varchar(40) not null primary key,
  applied_at varchar(30) not null
)`

/** The statements that go from some heads to others. Ids are plain words. */
export function moveHeads(
  from: readonly string[],
  to: readonly string[],
  at: Date = new Date(),
): string[] {
  const gone = from.filter((id) => !to.includes(id))
  const come = to.filter((id) => !from.includes(id))
  return [
    ...gone.map((id) => `delete from ${VERSION_TABLE} where revision = '${id}'`),
    ...come.map(
      (id) =>
        `insert into ${VERSION_TABLE} (revision, applied_at) values ('${id}', '${at.toISOString()}')`,
    ),
  ]
}
