import { asc, count, desc, eq, gt, relations, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { integer, pgTable, text, timestamp, varchar } from 'drizzle-orm/pg-core'
import pg from 'pg'
import { GRAPH_SIZE, PER_PAGE } from '../rows.ts'
import type { Opened } from '../serve.ts'

const id = () => integer().primaryKey().generatedByDefaultAsIdentity()
const time = () => timestamp({ withTimezone: true, precision: 3 }).notNull()

const tasks = pgTable('tasks', {
  id: id(),
  title: varchar().notNull(),
  description: text(),
  status: varchar().notNull(),
  priority: integer().notNull(),
  created_at: time(),
})
const notes = pgTable('notes', { id: id(), title: varchar().notNull(), body: text().notNull(), created_at: time() })
const addresses = pgTable('addresses', { id: id(), name: varchar().notNull(), street: varchar().notNull(), city: varchar().notNull() })
const cookies = pgTable('cookies', { id: id(), name: varchar().notNull(), price: integer().notNull() })
const orders = pgTable('orders', { id: id(), address_id: integer().notNull(), status: varchar().notNull(), created_at: time() })
const lines = pgTable('lines', {
  id: id(),
  order_id: integer().notNull(),
  cookie_id: integer().notNull(),
  quantity: integer().notNull(),
})
const items = pgTable('items', { id: id(), name: varchar().notNull(), quantity: integer().notNull() })
const events = pgTable('events', { id: id(), kind: varchar().notNull(), amount: integer().notNull() })

const orderRelations = relations(orders, ({ one, many }) => ({
  address: one(addresses, { fields: [orders.address_id], references: [addresses.id] }),
  lines: many(lines),
}))
const lineRelations = relations(lines, ({ one }) => ({
  order: one(orders, { fields: [lines.order_id], references: [orders.id] }),
  cookie: one(cookies, { fields: [lines.cookie_id], references: [cookies.id] }),
}))

const schema = { tasks, notes, addresses, cookies, orders, lines, items, events, orderRelations, lineRelations }
const BATCH = 1_000

/**
 * A pool of pg, every query prepared under a name but those of transactions, which it cannot; graphs by its
 * relational queries.
 */
export function openDrizzlePostgresql(url: string): Opened {
  const db = drizzle(new pg.Pool({ connectionString: url, max: 1 }), { schema })
  const p = sql.placeholder
  const byKey = db.select().from(tasks).where(eq(tasks.id, p('id'))).prepare('by_key')
  const latest = db
    .select()
    .from(tasks)
    .where(eq(tasks.status, p('status')))
    .orderBy(desc(tasks.created_at))
    .limit(20)
    .prepare('latest')
  const graph = db.query.orders
    .findMany({
      where: gt(orders.id, p('afterId')),
      orderBy: asc(orders.id),
      limit: GRAPH_SIZE,
      with: { address: true, lines: { orderBy: asc(lines.id), with: { cookie: true } } },
    })
    .prepare('graph')
  const total = db.select({ total: count() }).from(items).prepare('total')
  const page = db.select().from(items).orderBy(asc(items.id)).limit(PER_PAGE).offset(p('offset')).prepare('page')
  const batch = db.select().from(events).where(gt(events.id, p('last'))).orderBy(asc(events.id)).limit(BATCH).prepare('batch')

  const get = async (key: number) => (await byKey.execute({ id: key }))[0]
  return {
    work: {
      'get by key': get,
      'builder by key': get,
      'list of 20': (status) => latest.execute({ status }),
      insert: (note) => db.transaction(async (tx) => (await tx.insert(notes).values(note).returning())[0]),
      update: (key, title) =>
        db.transaction(async (tx) => (await tx.update(tasks).set({ title }).where(eq(tasks.id, key)).returning())[0]),
      'graph of 50': (afterId) => graph.execute({ afterId }),
      'page of 200': async (number) => {
        const [found] = await total.execute()
        return { total: found?.total, items: await page.execute({ offset: (number - 1) * PER_PAGE }) }
      },
      stream: async (add) => {
        let last = 0
        for (;;) {
          const found = await batch.execute({ last })
          for (const event of found) add(event)
          last = found.at(-1)?.id ?? 0
          if (found.length < BATCH) return
        }
      },
    },
  }
}
