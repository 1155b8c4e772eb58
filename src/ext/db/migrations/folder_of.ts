import { resolve } from 'node:path'
import type { TableState } from '../../../sql/ddl/table_state.ts'
import { toSchema } from '../../../sql/migrate/schema.ts'
import { schemaDialectOf } from '../../../sql/migrate/schema_dialects.ts'
import type { Open } from '../../../sql/open.ts'
import type { DatabaseOptions } from '../database.ts'
import { MigrationFolder } from './migration_folder.ts'

/** The migrations of an app, from what it installs its database with. */
export function folderOf(
  tables: readonly TableState[],
  { url, dir = process.cwd(), migrations = 'migrations', proveOn = [] }: DatabaseOptions,
  toOpenOne: (url: string) => Open,
): MigrationFolder {
  const open = toOpenOne(url)
  const proofs = new Map<string, Open>()
  for (const each of ['sqlite::memory:', url, ...proveOn]) {
    const { name } = schemaDialectOf(each).dialect
    if (!proofs.has(name)) proofs.set(name, toOpenOne(each))
  }
  return new MigrationFolder({
    dir: resolve(dir, migrations),
    wanted: toSchema(tables),
    schema: schemaDialectOf(url),
    open,
    proofs: [...proofs.values()],
  })
}
