import { type Command, command } from '../../../app/commands.ts'
import { describe } from '../../../sql/migrate/describe.ts'
import { diff } from '../../../sql/migrate/diff.ts'
import type { History } from '../../../sql/migrate/history.ts'
import { modelsText } from '../../../sql/migrate/models_text.ts'
import { createAll } from '../../../sql/migrate/proof/rows.ts'
import { differencesOf } from '../../../sql/migrate/proof/same_tables.ts'
import { NO_RENAMES } from '../../../sql/migrate/renames.ts'
import type { SchemaConnection } from '../../../sql/migrate/schema_connection.ts'
import { OWN_TABLES, readHeads } from '../../../sql/migrate/version_table.ts'
import { newRevisionId, writeRevision } from '../../../sql/migrate/write_revision.ts'
import type { MigrationFolder } from './migration_folder.ts'
import { toSchema } from '../../../sql/migrate/schema.ts'
import { Migrator } from '../../../sql/migrate/migrator.ts'
import { MigrationError } from '../../../sql/migrate/errors.ts'
import type { TableState } from '../../../sql/ddl/table_state.ts'

type Print = (line: string) => void

/** `check` and `introspect`: those that compare with what is there. */
export function checkCommands(folder: MigrationFolder): readonly Command[] {
  return [check(folder), introspect(folder)]
}

function check(folder: MigrationFolder): Command {
  return command({
    name: 'check',
    summary:
      'Fail when the models want what no migration makes; with --database, when the database is not as its revision',
    startsApp: false,
    options: {
      database: { type: 'boolean', summary: 'compare the database with its revision too' },
    },
    async run({ options, print }) {
      const { history } = await folder.read()
      const isMade = checkModels(folder, history, print)
      const isSame = !options.database || (await checkDatabase(folder, history, print))
      return isMade && isSame ? 0 : 1
    },
  })
}

function checkModels({ wanted }: MigrationFolder, history: History, print: Print): boolean {
  const heads = history.revisions.length === 0 ? [] : [history.requireOneHead()]
  const { operations } = diff(history.schemaAt(heads), wanted, NO_RENAMES)
  if (operations.length === 0) {
    print('The migrations lead to what the models say.')
    return true
  }
  print('The models want what no migration does (dewar db migrate -m "…"):')
  for (const operation of operations) print(`  ${describe(operation)}`)
  return false
}

function checkDatabase(folder: MigrationFolder, history: History, print: Print): Promise<boolean> {
  return folder.connected(async (connection) => {
    const heads = (await readHeads(connection)) ?? []
    const wanted = history.schemaAt(heads)
    const expected = await introspectedOf(connection, [...wanted.values()])
    const differences = differencesOf(await connection.introspect(), expected)
    const labels = heads.map((id) => history.labelOf(id)).join('; ') || 'no revision'
    print(
      differences.length === 0
        ? `The database is as its revision says: ${labels}.`
        : `The database is not as its revision says (${labels}):`,
    )
    for (const difference of differences) print(`  ${difference}`)
    return differences.length === 0
  })
}

/** What the database would tell of these tables. */
async function introspectedOf(
  connection: SchemaConnection,
  tables: readonly TableState[],
): Promise<readonly TableState[]> {
  const scratch = await connection.openScratch()
  try {
    await createAll(scratch, tables)
    return await scratch.introspect()
  } finally {
    await scratch.close()
  }
}

function introspect(folder: MigrationFolder): Command {
  return command({
    name: 'introspect',
    summary:
      'Print models for the tables that are there; with --revision, make the first revision of them',
    startsApp: false,
    options: {
      revision: {
        type: 'boolean',
        summary: 'write a first revision of them, and stamp the database',
      },
    },
    async run({ options, print }) {
      await folder.connected(async (connection) => {
        const tables = (await connection.introspect()).filter(({ name }) => !OWN_TABLES.has(name))
        if (tables.length === 0) return print('There are no tables.')
        for (const line of modelsText(tables).split('\n')) print(line)
        if (await connection.hasTable('alembic_version')) {
          print('// Alembic made this database; its table alembic_version is left as it is.')
        }
        if (options.revision) await adopt(folder, connection, tables, print)
      })
    },
  })
}

/** From here on, migrations know what is there. */
async function adopt(
  folder: MigrationFolder,
  connection: SchemaConnection,
  tables: readonly TableState[],
  print: Print,
): Promise<void> {
  const { history } = await folder.read()
  if (history.revisions.length > 0) {
    throw new MigrationError(
      'There are revisions already; only the first one can be of what is there.',
    )
  }
  const there = toSchema(tables)
  const { operations } = diff(new Map(), there, NO_RENAMES)
  const back = diff(there, new Map(), NO_RENAMES)
  const id = newRevisionId()
  const path = await writeRevision(folder.dir, {
    id,
    parents: [],
    message: 'what was there',
    date: new Date().toISOString(),
    up: operations,
    down: back.operations,
    notes: ['Made by `dewar db introspect` of a database that was there.'],
  })
  const { history: made } = await folder.read()
  await new Migrator(made, connection, { print }).stamp([id])
  print(`// Written: ${path}`)
  print(`// The database has ${made.labelOf(id)} now.`)
}
