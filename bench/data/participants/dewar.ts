import { App } from '../../../src/index.ts'
import { GRAPH_SIZE, PER_PAGE } from '../rows.ts'
import type { STATUSES } from '../seed.ts'
import { serve } from '../serve.ts'
import { db, Event, Item, Note, Order, Task } from './models.ts'

type Status = (typeof STATUSES)[number]

/** Reads happen in one scope, each write in one of its own, which commits: as in requests. */
serve(async (database, url) => {
  const app = new App('bench', { logger: false }).install(db, {
    url: database === 'sqlite' ? `sqlite:///${url}` : url,
  })
  return {
    work: {
      'get by key': (id) => db.get(Task, id),
      'builder by key': (id) => db.find(Task).where({ id }).first(),
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- rows.ts knows statuses as text
      'list of 20': (status) => db.find(Task).where({ status: status as Status }).orderBy('-created_at').limit(20),
      insert: (note) => app.withScope(() => db.insert(Note, note)),
      update: (id, title) => app.withScope(() => db.update(Task, id, { title })),
      'graph of 50': (afterId) =>
        db
          .find(Order)
          .where({ id: { gt: afterId } })
          .orderBy('id')
          .limit(GRAPH_SIZE)
          .with({ address: true, lines: { cookie: true } }),
      'page of 200': async (page) => {
        const { total, items } = await db.find(Item).orderBy('id').paginate({ page, perPage: PER_PAGE })
        return { total, items }
      },
      stream: async (add) => {
        for await (const event of db.find(Event).stream()) add(event)
      },
    },
    within: (run) => app.withScope(run),
  }
})
