import { postgresSchema } from '../postgresql/alter.ts'
import { postgresDialect } from '../postgresql/dialect.ts'
import { sqliteSchema } from '../sqlite/alter.ts'
import { sqliteDialect } from '../sqlite/dialect.ts'
import { MigrationError } from './errors.ts'
import type { Driver } from '../driver.ts'
import type { SchemaConnection, SchemaDialect } from './schema_connection.ts'

const DIALECTS: ReadonlyMap<string, () => SchemaDialect> = new Map([
  ['sqlite', () => sqliteSchema(sqliteDialect())],
  ['postgresql', () => postgresSchema(postgresDialect())],
  ['postgres', () => postgresSchema(postgresDialect())],
])

/** How the kind of database that `url` names changes tables. Nothing is opened. */
export function findSchemaDialect(url: string): SchemaDialect | undefined {
  return DIALECTS.get(url.slice(0, url.indexOf(':')).toLowerCase())?.()
}

/** A connection to change tables on. @throws {MigrationError} when there is none for this kind of database */
export async function openSchemaOf(driver: Driver): Promise<SchemaConnection> {
  const connection = await driver.openSchema?.()
  if (connection) return connection
  throw new MigrationError(`There are no migrations for ${driver.dialect.name} yet.`)
}
