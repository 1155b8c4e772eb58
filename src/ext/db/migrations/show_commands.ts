import { relative } from 'node:path'
import { type Command, command } from '../../../app/commands.ts'
import { describe } from '../../../sql/migrate/describe.ts'
import type { History } from '../../../sql/migrate/history.ts'
import { Migrator, type Position } from '../../../sql/migrate/migrator.ts'
import { logOf } from '../../../sql/migrate/operations.ts'
import type { MigrationFolder } from './migration_folder.ts'

/** `current`, `history`, `heads` and `show`: those that only tell something. */
export function showCommands(folder: MigrationFolder): readonly Command[] {
  return [current(folder), history(folder), heads(folder), show(folder)]
}

function current(folder: MigrationFolder): Command {
  return command({
    name: 'current',
    summary: 'Show which revision the database has',
    startsApp: false,
    async run({ print }) {
      const read = await folder.read()
      await folder.connected(async (connection) => {
        const position = await new Migrator(read.history, connection, { print }).position()
        for (const line of currentLines(read.history, position)) print(line)
        if (position.heads === undefined && (await connection.hasTable('alembic_version'))) {
          print('It has a table "alembic_version": Alembic made it. See `dewar db introspect`.')
        }
      })
    },
  })
}

function currentLines(all: History, { heads: found = [], unfinished }: Position): string[] {
  const lines = found.map((id) => `${all.labelOf(id)}${all.heads.includes(id) ? ' (head)' : ''}`)
  const known = found.filter((id) => all.revisions.some((each) => each.id === id))
  const missing = all.revisions.length - all.upTo(known).length
  if (lines.length === 0) lines.push('The database has no revision.')
  if (missing > 0) lines.push(`${missing} of ${all.revisions.length} revisions are to come.`)
  if (!unfinished) return lines
  const { revision, direction, done, inDoubt } = unfinished
  lines.push(`In the middle: ${direction} of ${all.labelOf(revision)}, ${done} steps are done.`)
  return inDoubt === undefined ? lines : [...lines, `Perhaps done: ${inDoubt}`]
}

function history(folder: MigrationFolder): Command {
  return command({
    name: 'history',
    summary: 'List all revisions, the last one first',
    startsApp: false,
    async run({ print }) {
      const { history: all } = await folder.read()
      if (all.revisions.length === 0) print('There is no revision yet.')
      for (const { id, parents, date, message } of all.revisions.toReversed()) {
        const head = all.heads.includes(id) ? ' (head)' : ''
        print(`${parents.join(', ') || 'base'} -> ${id}${head}, ${date.slice(0, 10)}, ${message}`)
      }
    },
  })
}

function heads(folder: MigrationFolder): Command {
  return command({
    name: 'heads',
    summary: 'Show the revisions that no other follows',
    startsApp: false,
    async run({ print }) {
      const { history: all } = await folder.read()
      for (const id of all.heads) print(all.labelOf(id))
    },
  })
}

function show(folder: MigrationFolder): Command {
  return command({
    name: 'show',
    summary: 'Show what a revision does',
    args: ['[revision]'],
    startsApp: false,
    async run({ args: [name = 'head'], print }) {
      const { history: all, files } = await folder.read()
      const { id, message, parents, date, upgrade, downgrade } = all.find(name)
      print(`${id}: ${message}`)
      print(`  made ${date}, follows ${parents.join(', ') || 'nothing'}`)
      print(`  in ${relative(process.cwd(), files.get(id) ?? '')}`)
      for (const operation of logOf(upgrade)) print(`  + ${describe(operation)}`)
      for (const operation of logOf(downgrade)) print(`  - ${describe(operation)}`)
    },
  })
}
