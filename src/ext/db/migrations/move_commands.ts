import { type Command, command } from '../../../app/commands.ts'
import { MigrationError } from '../../../sql/migrate/errors.ts'
import type { History } from '../../../sql/migrate/history.ts'
import type { Direction, InDoubt } from '../../../sql/migrate/journal.ts'
import { Migrator } from '../../../sql/migrate/migrator.ts'
import { offlineText } from '../../../sql/migrate/offline.ts'
import { downgradeTarget, type Target, upgradeTarget } from '../../../sql/migrate/target.ts'
import type { MigrationFolder } from './migration_folder.ts'

const sql = { type: 'boolean', summary: 'print the SQL, and do nothing' } as const
const from = { type: 'string', summary: 'with --sql: the revision that the database has' } as const
const redo = {
  type: 'boolean',
  summary: 'run SQL again of which nobody knows whether it ran',
} as const
const skip = { type: 'boolean', summary: 'take such SQL for done' } as const

/** `upgrade`, `downgrade` and `stamp`: those that change a database. */
export function moveCommands(folder: MigrationFolder): readonly Command[] {
  return [upgrade(folder), downgrade(folder), stamp(folder)]
}

interface MoveOptions {
  readonly sql: boolean
  readonly from: string | undefined
  readonly redo: boolean
  readonly skip: boolean
}

function upgrade(folder: MigrationFolder): Command {
  return command({
    name: 'upgrade',
    summary: 'Bring the database to the last revision, or to the one that is named',
    args: ['[target]'],
    startsApp: false,
    options: { sql, from, redo, skip },
    run: ({ args, options, print }) => move(folder, 'upgrade', args[0] ?? 'head', options, print),
  })
}

function downgrade(folder: MigrationFolder): Command {
  return command({
    name: 'downgrade',
    summary: 'Bring the database back: by -1, to a revision, or to base',
    args: ['<target>'],
    startsApp: false,
    options: { sql, from, redo, skip },
    run: ({ args, options, print }) => move(folder, 'downgrade', args[0] ?? '-1', options, print),
  })
}

async function move(
  folder: MigrationFolder,
  direction: Direction,
  target: string,
  options: MoveOptions,
  print: (line: string) => void,
): Promise<void> {
  const { history } = await folder.read()
  if (options.sql) {
    const request = offlineRequest(history, direction, target, options.from)
    for (const line of offlineText(history, folder.schema, request)) print(line)
    return
  }
  await folder.connected(async (connection) => {
    const migrator = new Migrator(history, connection, { print, inDoubt: inDoubtOf(options) })
    const count = await migrator[direction](target)
    if (count === 0) print('There is nothing to do.')
  })
}

function inDoubtOf({ redo: isRedone, skip: isSkipped }: MoveOptions): InDoubt {
  if (isRedone && isSkipped) throw new MigrationError('Say --redo or --skip, not both.')
  if (isRedone) return 'redo'
  return isSkipped ? 'skip' : undefined
}

function offlineRequest(
  history: History,
  direction: Direction,
  target: string,
  start: string | undefined,
) {
  const isUp = direction === 'upgrade'
  const at = startOf(history, isUp, start)
  const to = isUp ? upgradeTarget(history, at, target) : downgradeTarget(history, at, target)
  return { direction, from: at, to }
}

/** Without a database: an upgrade begins at nothing, a downgrade at the head. */
function startOf(history: History, isUp: boolean, start: string | undefined): Target {
  if (start === 'base' || (start === undefined && isUp)) return []
  return [history.find(start ?? 'head').id]
}

function stamp(folder: MigrationFolder): Command {
  return command({
    name: 'stamp',
    summary: 'Say which revision the database has, without touching its tables',
    args: ['<target>'],
    startsApp: false,
    async run({ args: [target = 'head'], print }) {
      const { history } = await folder.read()
      const ids = target === 'base' ? [] : upgradeTarget(history, [], target)
      await folder.connected((connection) =>
        new Migrator(history, connection, { print }).stamp(ids),
      )
      const labels = ids.map((id) => history.labelOf(id)).join('; ')
      print(labels === '' ? 'The database has no revision now.' : `The database has ${labels} now.`)
    },
  })
}
