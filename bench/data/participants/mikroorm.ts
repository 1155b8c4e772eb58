import { defineEntity, type MikroORM, wrap } from '@mikro-orm/core'
import { MikroORM as PostgresqlORM } from '@mikro-orm/postgresql'
import { MikroORM as SqliteORM } from '@mikro-orm/sqlite'
import { GRAPH_SIZE, PER_PAGE } from '../rows.ts'
import { PRAGMAS } from '../seed.ts'
import { type DatabaseName, serve } from '../serve.ts'

const Task = defineEntity({
  name: 'Task',
  tableName: 'tasks',
  properties: (p) => ({
    id: p.integer().primary(),
    title: p.string(),
    description: p.text().nullable(),
    status: p.string(),
    priority: p.integer(),
    created_at: p.datetime(),
  }),
})
const Note = defineEntity({
  name: 'Note',
  tableName: 'notes',
  properties: (p) => ({ id: p.integer().primary(), title: p.string(), body: p.text(), created_at: p.datetime() }),
})
const Address = defineEntity({
  name: 'Address',
  tableName: 'addresses',
  properties: (p) => ({ id: p.integer().primary(), name: p.string(), street: p.string(), city: p.string() }),
})
const Cookie = defineEntity({
  name: 'Cookie',
  tableName: 'cookies',
  properties: (p) => ({ id: p.integer().primary(), name: p.string(), price: p.integer() }),
})
const Order = defineEntity({
  name: 'Order',
  tableName: 'orders',
  properties: (p) => ({
    id: p.integer().primary(),
    status: p.string(),
    created_at: p.datetime(),
    address: () => p.manyToOne(Address),
    lines: () => p.oneToMany(Line).mappedBy('order').orderBy({ id: 'asc' }),
  }),
})
const Line = defineEntity({
  name: 'Line',
  tableName: 'lines',
  properties: (p) => ({
    id: p.integer().primary(),
    quantity: p.integer(),
    order: () => p.manyToOne(Order),
    cookie: () => p.manyToOne(Cookie),
  }),
})
const Item = defineEntity({
  name: 'Item',
  tableName: 'items',
  properties: (p) => ({ id: p.integer().primary(), name: p.string(), quantity: p.integer() }),
})
const Event = defineEntity({
  name: 'Event',
  tableName: 'events',
  properties: (p) => ({ id: p.integer().primary(), kind: p.string(), amount: p.integer() }),
})

const entities = [Task, Note, Address, Cookie, Order, Line, Item, Event]

/** better-sqlite3 and pg; a forked entity manager for each operation, reads without an identity map, native writes. */
serve(async (database, url) => {
  const orm = await open(database, url)
  const read = { disableIdentityMap: true } as const
  return {
    work: {
      'get by key': (id) => orm.em.fork().findOne(Task, id, read),
      'builder by key': (id) => orm.em.fork().findOne(Task, { id }, read),
      'list of 20': (status) => orm.em.fork().find(Task, { status }, { ...read, orderBy: { created_at: 'desc' }, limit: 20 }),
      insert: (note) =>
        orm.em.fork().transactional(async (em) => {
          const id = await em.insert(Note, note)
          return { id, ...note }
        }),
      update: (id, title) =>
        orm.em.fork().transactional(async (em) => {
          await em.nativeUpdate(Task, { id }, { title })
          return em.findOne(Task, id, read)
        }),
      'graph of 50': (afterId) =>
        orm.em.fork().find(
          Order,
          { id: { $gt: afterId } },
          { ...read, populate: ['address', 'lines.cookie'], orderBy: { id: 'asc' }, limit: GRAPH_SIZE },
        ),
      'page of 200': async (page) => {
        const options = { ...read, orderBy: { id: 'asc' }, limit: PER_PAGE, offset: (page - 1) * PER_PAGE } as const
        const [items, total] = await orm.em.fork().findAndCount(Item, {}, options)
        return { total, items }
      },
      stream: async (add) => {
        for await (const event of orm.em.fork().stream(Event, { orderBy: { id: 'asc' }, chunkSize: 1_000 })) add(event)
      },
    },
    toPlain,
  }
})

async function open(database: DatabaseName, url: string): Promise<MikroORM> {
  if (database === 'postgresql') return PostgresqlORM.init({ entities, clientUrl: url, pool: { min: 1, max: 1 } })
  const orm = await SqliteORM.init({ entities, dbName: url })
  await orm.em.getConnection().executeDump(PRAGMAS)
  return orm
}

/** Entities as plain objects: collections as lists, without the way back from a line to its order. */
function toPlain(found: unknown): unknown {
  if (Array.isArray(found)) return found.map(toPlain)
  if (typeof found !== 'object' || found === null || found instanceof Date) return found
  if ('__helper' in found) return toPlain(wrap(found).toObject())
  const kept = Object.entries(found).filter(([name]) => name !== 'order')
  return Object.fromEntries(kept.map(([name, value]) => [name, toPlain(value)]))
}
