import SQLite from 'better-sqlite3'
import { asc, relations } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import Fastify from 'fastify'
import { createHash, timingSafeEqual } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve } from '../../http/serve.ts'
import { ADDRESS_FIELDS, COOKIES, KEY, ORDERS, ordersUpTo } from '../data.ts'

/** The same by hand: Drizzle's relational query, prepared and of the needed columns, and Fastify with a response schema. */
const dir = mkdtempSync(join(tmpdir(), 'dewar-bench-'))
process.on('exit', () => rmSync(dir, { recursive: true }))

const id = () => integer().primaryKey({ autoIncrement: true })
const cookies = sqliteTable('cookies', {
  id: id(),
  name: text().notNull(),
  slug: text().notNull().unique(),
  price: text(),
})
const addresses = sqliteTable('addresses', {
  id: id(),
  name: text().notNull(),
  street: text().notNull(),
  city: text().notNull(),
  state: text().notNull(),
  zip: text().notNull(),
  country: text().notNull(),
})
const orders = sqliteTable('orders', {
  id: id(),
  date: integer({ mode: 'timestamp_ms' }).notNull(),
  address_id: integer().notNull(),
})
const lines = sqliteTable('cookie_orders', {
  id: id(),
  order_id: integer().notNull(),
  cookie_id: integer().notNull(),
  number_of_cookies: integer().notNull(),
})
const orderRelations = relations(orders, ({ one, many }) => ({
  address: one(addresses, { fields: [orders.address_id], references: [addresses.id] }),
  cookie_orders: many(lines),
}))
const lineRelations = relations(lines, ({ one }) => ({
  order: one(orders, { fields: [lines.order_id], references: [orders.id] }),
  cookie: one(cookies, { fields: [lines.cookie_id], references: [cookies.id] }),
}))

const connection = new SQLite(join(dir, 'cookies.db'))
connection.exec(`
  PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;
  CREATE TABLE cookies (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, slug TEXT NOT NULL UNIQUE, price TEXT
  ) STRICT;
  CREATE TABLE addresses (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, street TEXT NOT NULL, city TEXT NOT NULL,
    state TEXT NOT NULL, zip TEXT NOT NULL, country TEXT NOT NULL
  ) STRICT;
  CREATE TABLE orders (
    id INTEGER PRIMARY KEY AUTOINCREMENT, date INTEGER NOT NULL,
    address_id INTEGER NOT NULL UNIQUE REFERENCES addresses (id)
  ) STRICT;
  CREATE TABLE cookie_orders (
    id INTEGER PRIMARY KEY AUTOINCREMENT, order_id INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    cookie_id INTEGER NOT NULL REFERENCES cookies (id), number_of_cookies INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX cookie_orders_order_id ON cookie_orders (order_id)`)
const db = drizzle(connection, {
  schema: { cookies, addresses, orders, lines, orderRelations, lineRelations },
})
db.transaction((tx) => {
  COOKIES.forEach((name, i) =>
    tx
      .insert(cookies)
      .values({ name, slug: `cookie-${i + 1}`, price: '1.50' })
      .run(),
  )
  for (const order of ordersUpTo(ORDERS)) {
    tx.insert(addresses)
      .values({ id: order.id, ...order.address })
      .run()
    tx.insert(orders).values({ id: order.id, date: order.date, address_id: order.id }).run()
    tx.insert(lines)
      .values(order.lines.map((line) => ({ ...line, order_id: order.id })))
      .run()
  }
})

const allOrders = db.query.orders
  .findMany({
    columns: { id: true, date: true },
    orderBy: asc(orders.id),
    with: {
      address: { columns: { id: false } },
      cookie_orders: {
        columns: { cookie_id: true, number_of_cookies: true },
        orderBy: asc(lines.id),
        with: { cookie: { columns: { name: true } } },
      },
    },
  })
  .prepare()

const string = { type: 'string' }
const whole = { type: 'integer' }
const address = {
  type: 'object',
  properties: Object.fromEntries(ADDRESS_FIELDS.map((name) => [name, string])),
}
const line = {
  type: 'object',
  properties: { cookie_id: whole, number_of_cookies: whole, cookie_name: string },
}
const order = {
  type: 'object',
  properties: { id: whole, date: string, address, cookie_orders: { type: 'array', items: line } },
}

const digest = (text: string) => createHash('sha256').update(text).digest()
const expected = digest(KEY)

const app = Fastify()
app.addHook('onRequest', async (request, reply) => {
  const { key } = request.query as { key?: string }
  const given = request.headers['x-api-key'] ?? key
  if (typeof given === 'string' && timingSafeEqual(digest(given), expected)) return
  return reply.code(401).send({ error: 'Invalid API key' })
})
app.get(
  '/api/v1/orders',
  { schema: { response: { 200: { type: 'array', items: order } } } },
  async () => {
    const found = await allOrders.execute()
    return found.map((each) => ({
      id: each.id,
      date: each.date.toISOString().slice(0, 19).replace('T', ' '),
      address: each.address,
      cookie_orders: each.cookie_orders.map(({ cookie_id, number_of_cookies, cookie }) => ({
        cookie_id,
        number_of_cookies,
        cookie_name: cookie?.name,
      })),
    }))
  },
)

await app.listen({ port: 0, host: '127.0.0.1' })
serve(app.server.address())
