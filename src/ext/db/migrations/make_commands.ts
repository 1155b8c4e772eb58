import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { relative } from 'node:path'
import { type Command, command } from '../../../app/commands.ts'
import { versionsDir } from '../../../sql/migrate/read_revisions.ts'
import type { MigrationFolder } from './migration_folder.ts'
import { makeRevision, mergeHeads, proveAll } from './make_revision.ts'
import { logOf } from '../../../sql/migrate/operations.ts'
import { describe } from '../../../sql/migrate/describe.ts'

const message = { type: 'string', short: 'm', summary: 'what it is about' } as const
const seed = { type: 'number', summary: 'of the rows of the proof' } as const

/** `init`, `migrate`, `merge` and `prove`: those that make files, and look at them. */
export function makeCommands(folder: MigrationFolder): readonly Command[] {
  return [init(folder), migrate(folder), merge(folder), proveAgain(folder)]
}

function init(folder: MigrationFolder): Command {
  return command({
    name: 'init',
    summary: 'Make the folder of the migrations',
    startsApp: false,
    async run({ print }) {
      const dir = versionsDir(folder.dir)
      print(existsSync(dir) ? `It is there: ${shown(dir)}` : `Made ${shown(dir)}`)
      await mkdir(dir, { recursive: true })
    },
  })
}

function migrate(folder: MigrationFolder): Command {
  return command({
    name: 'migrate',
    summary: 'Write the revision that leads to the models, once it is proven',
    startsApp: false,
    options: {
      message,
      rename: { type: 'string', summary: 'what was renamed: tasks.due:due_date,users:people' },
      force: { type: 'boolean', summary: 'write it even when it cannot be proven' },
      empty: { type: 'boolean', summary: 'write one to be filled in by hand' },
      seed,
    },
    async run({ options, print, ask }) {
      if (options.message === undefined) return needsMessage(print)
      const isProven = await makeRevision(folder, {
        message: options.message,
        rename: options.rename,
        force: options.force,
        empty: options.empty,
        seed: options.seed ?? newSeed(),
        print,
        ask,
      })
      return isProven ? 0 : 1
    },
  })
}

function merge(folder: MigrationFolder): Command {
  return command({
    name: 'merge',
    summary: 'Join the heads, when several people added revisions',
    startsApp: false,
    options: { message },
    async run({ options, print }) {
      print(`Written: ${await mergeHeads(folder, options.message ?? 'merge')}`)
    },
  })
}

function proveAgain(folder: MigrationFolder): Command {
  return command({
    name: 'prove',
    summary: 'Prove a revision that was changed by hand: there, back and there again, with rows',
    args: ['[revision]'],
    startsApp: false,
    options: { seed },
    async run({ args, options, print }) {
      const { history } = await folder.read()
      const revision = history.find(args[0] ?? 'head')
      const [up, down] = [logOf(revision.upgrade), logOf(revision.downgrade)]
      const from = history.schemaAt(revision.parents)
      const request = { from, up, down, seed: options.seed ?? newSeed() }
      const { problems } = await proveAll(folder, request, print)
      for (const each of [...up, ...down]) {
        if (each.kind === 'sql' || each.kind === 'data')
          print(`Declared, not proven: ${describe(each)}`)
      }
      for (const problem of problems) print(`PROBLEM ${problem}`)
      return problems.length === 0 ? 0 : 1
    },
  })
}

function needsMessage(print: (line: string) => void): number {
  print('Say what it is about: dewar db migrate -m "add due date"')
  return 2
}

function newSeed(): number {
  return Math.floor(Math.random() * 2 ** 31)
}

function shown(path: string): string {
  return relative(process.cwd(), path) || path
}
