import { mariadbSchema } from '../mariadb/alter.ts'
import { mariadbDialect } from '../mariadb/dialect.ts'
import { postgresSchema } from '../postgresql/alter.ts'
import { postgresDialect } from '../postgresql/dialect.ts'
import { sqliteSchema } from '../sqlite/alter.ts'
import { sqliteDialect } from '../sqlite/dialect.ts'
import { MigrationError } from './errors.ts'
import type { SchemaDialect } from './schema_connection.ts'

const mariadb = () =>
  mariadbSchema(mariadbDialect({ kind: 'mariadb', maxPacketBytes: 0, rollsBackOnTimeout: false }))

const DIALECTS: ReadonlyMap<string, () => SchemaDialect> = new Map([
  ['sqlite', () => sqliteSchema(sqliteDialect())],
  ['mariadb', mariadb],
  ['mysql', mariadb],
  ['postgresql', () => postgresSchema(postgresDialect())],
  ['postgres', () => postgresSchema(postgresDialect())],
])

/** How the kind of database that `url` names changes tables. Nothing is opened. @throws {MigrationError} */
export function schemaDialectOf(url: string): SchemaDialect {
  const scheme = url.slice(0, url.indexOf(':')).toLowerCase()
  const make = DIALECTS.get(scheme)
  if (make) return make()
  throw new MigrationError(`There are no migrations for "${scheme}:" databases.`)
}
