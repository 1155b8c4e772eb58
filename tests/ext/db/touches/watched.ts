import assert from 'node:assert/strict'
import { App } from 'dewar'
import {
  belongsTo,
  database,
  hasMany,
  id,
  integer,
  model,
  reference,
  type Rows,
  string,
  type TouchedRows,
} from 'dewar/db'

export const Owner = model('owners', { id: id(), name: string(20).unique() })
export const Task = model('tasks', {
  id: id(),
  title: string(20),
  owner_id: reference(Owner, { onDelete: 'cascade' }),
})
export const Note = model('notes', {
  id: id(),
  text: string(20),
  task_id: reference(Task, { onDelete: 'set null' }).nullable(),
})
export const Reply = model('replies', {
  id: id(),
  parent_id: integer().nullable().references('replies', { onDelete: 'cascade' }),
})
export const Label = model('labels', {
  kind: string(10).primary(),
  name: string(10).primary(),
  color: string(10).default('red'),
})

export const db = database([Owner, Task, Note, Reply, Label], {
  relations: {
    owners: { tasks: hasMany(Task) },
    tasks: { owner: belongsTo(Owner), notes: hasMany(Note) },
    replies: { parent: belongsTo(Reply, { optional: true }), answers: hasMany(Reply) },
  },
})

/** An app with the tables, two owners and two tasks. */
export function watchedApp(url: string) {
  const app = new App('watched', { logger: false }).install(db, { url })
  app.onStart(async () => {
    await db.dropTables()
    await db.createTables()
    // Somebody always listens, so that changes of the schema are noticed.
    db.onCommit(() => {})
    await app.state(db).watch.learn()
    await db.insert(Owner, { name: 'a' })
    await db.insert(Owner, { name: 'b' })
    await db.insert(Task, { title: 'a', owner_id: 1 })
    await db.insert(Task, { title: 'b', owner_id: 2 })
  })
  return app
}

export type WatchedApp = ReturnType<typeof watchedApp>

type Plain = Record<string, string[] | 'all'>

export interface Touched {
  readonly reads: Plain
  readonly writes: Plain
}

/** What the statements of `work` touch, one after the other; all of it is undone. */
export async function touchedBy(
  app: WatchedApp,
  work: () => unknown,
): Promise<(Touched | 'everything')[]> {
  const found: (TouchedRows | 'everything')[] = []
  const undone = new Error('undone')
  await app
    .withScope(async () => {
      const stop = db.onStatement(({ touches, error }) => {
        if (error === undefined) found.push(touches)
      })
      try {
        await work()
      } finally {
        stop()
      }
      throw undone
    })
    .catch((error: unknown) => {
      if (error !== undone) throw error
    })
  return found.map((each) =>
    each === 'everything' ? each : { reads: toPlain(each.reads), writes: toPlain(each.writes) },
  )
}

/** What is reported to be written when `work` is committed. */
export async function committedBy(app: WatchedApp, work: () => unknown): Promise<unknown[]> {
  const written: unknown[] = []
  await app.withScope(async () => {
    const stop = db.onCommit(({ writes }) => {
      written.push(writes === 'everything' ? writes : toPlain(writes))
      stop()
    })
    await work()
  })
  return written
}

function toPlain(rows: Rows): Plain {
  return Object.fromEntries(
    [...rows]
      .map(([table, keys]): [string, string[] | 'all'] => [
        table,
        keys === 'all' ? keys : [...keys].toSorted(),
      ])
      .toSorted(([a], [b]) => a.localeCompare(b)),
  )
}

/** What the statements of `work` touch. */
export async function touched(app: WatchedApp, work: () => unknown): Promise<Touched> {
  const all = await touchedBy(app, work)
  const known = all.filter((each) => each !== 'everything')
  assert.equal(known.length, all.length)
  assert.ok(all.length > 0)
  return {
    reads: Object.assign({}, ...known.map((each) => each.reads)),
    writes: Object.assign({}, ...known.map((each) => each.writes)),
  }
}

export function askingOf(app: WatchedApp) {
  return {
    reads: async (work: () => unknown) => (await touched(app, work)).reads,
    writes: async (work: () => unknown) => (await touched(app, work)).writes,
  }
}
