import SQLite from 'better-sqlite3'
import { asc, count, desc, eq, gt, relations, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { GRAPH_SIZE, PER_PAGE } from '../rows.ts'
import { PRAGMAS } from '../seed.ts'
import type { Opened } from '../serve.ts'

const id = () => integer().primaryKey({ autoIncrement: true })
const time = () => integer({ mode: 'timestamp_ms' }).notNull()

const tasks = sqliteTable('tasks', {
  id: id(),
  title: text().notNull(),
  description: text(),
  status: text().notNull(),
  priority: integer().notNull(),
  created_at: time(),
})
const notes = sqliteTable('notes', { id: id(), title: text().notNull(), body: text().notNull(), created_at: time() })
const addresses = sqliteTable('addresses', { id: id(), name: text().notNull(), street: text().notNull(), city: text().notNull() })
const cookies = sqliteTable('cookies', { id: id(), name: text().notNull(), price: integer().notNull() })
const orders = sqliteTable('orders', { id: id(), address_id: integer().notNull(), status: text().notNull(), created_at: time() })
const lines = sqliteTable('lines', {
  id: id(),
  order_id: integer().notNull(),
  cookie_id: integer().notNull(),
  quantity: integer().notNull(),
})
const items = sqliteTable('items', { id: id(), name: text().notNull(), quantity: integer().notNull() })
const events = sqliteTable('events', { id: id(), kind: text().notNull(), amount: integer().notNull() })

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

/** better-sqlite3, every query prepared, graphs by its relational queries. */
export function openDrizzleSqlite(path: string): Opened {
  const connection = new SQLite(path)
  connection.exec(PRAGMAS)
  const db = drizzle(connection, { schema })
  const p = sql.placeholder
  const byKey = db.select().from(tasks).where(eq(tasks.id, p('id'))).prepare()
  const latest = db.select().from(tasks).where(eq(tasks.status, p('status'))).orderBy(desc(tasks.created_at)).limit(20).prepare()
  const insert = db
    .insert(notes)
    .values({ title: p('title'), body: p('body'), created_at: p('created_at') })
    .returning()
    .prepare()
  const update = db
    .update(tasks)
    .set({ title: sql`${p('title')}` })
    .where(eq(tasks.id, p('id')))
    .returning()
    .prepare()
  const graph = db.query.orders
    .findMany({
      where: gt(orders.id, p('afterId')),
      orderBy: asc(orders.id),
      limit: GRAPH_SIZE,
      with: { address: true, lines: { orderBy: asc(lines.id), with: { cookie: true } } },
    })
    .prepare()
  const total = db.select({ total: count() }).from(items).prepare()
  const page = db.select().from(items).orderBy(asc(items.id)).limit(PER_PAGE).offset(p('offset')).prepare()
  const batch = db.select().from(events).where(gt(events.id, p('last'))).orderBy(asc(events.id)).limit(BATCH).prepare()

  const get = (key: number) => byKey.get({ id: key })
  return {
    work: {
      'get by key': get,
      'builder by key': get,
      'list of 20': (status) => latest.all({ status }),
      insert: (note) => db.transaction(() => insert.get({ ...note }), { behavior: 'immediate' }),
      update: (key, title) => db.transaction(() => update.get({ id: key, title }), { behavior: 'immediate' }),
      'graph of 50': (afterId) => graph.execute({ afterId }),
      'page of 200': (number) => ({ ...total.get(), items: page.all({ offset: (number - 1) * PER_PAGE }) }),
      stream: (add) => {
        let last = 0
        for (;;) {
          const found = batch.all({ last })
          for (const event of found) add(event)
          last = found.at(-1)?.id ?? 0
          if (found.length < BATCH) return
        }
      },
    },
  }
}
