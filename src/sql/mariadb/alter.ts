import type { Dialect } from '../dialect.ts'
import { MigrationError } from '../migrate/errors.ts'
import type { SchemaDialect } from '../migrate/schema_connection.ts'

/** How MariaDB changes tables: not yet; apps make them with `db.createTables()`. */
export function mariadbSchema(dialect: Dialect): SchemaDialect {
  return {
    dialect,
    isTransactional: false,
    statements: () => {
      throw new MigrationError(MISSING)
    },
    isAlone: () => false,
  }
}

/** What is said where somebody asks for them. */
export const MISSING = 'There are no migrations for MariaDB and MySQL yet.'
