import 'reflect-metadata'
import { DataSource, EntitySchema, type EntitySchemaColumnOptions, MoreThan } from 'typeorm'
import { type EventRow, GRAPH_SIZE, PER_PAGE } from '../rows.ts'
import { PRAGMAS } from '../seed.ts'
import { type DatabaseName, serve } from '../serve.ts'

const BATCH = 1_000
const id: EntitySchemaColumnOptions = { type: 'integer', primary: true, generated: 'increment' }
const integer: EntitySchemaColumnOptions = { type: 'integer' }
const text: EntitySchemaColumnOptions = { type: 'varchar' }

interface Row {
  id: number
}

function entities(database: DatabaseName) {
  const time: EntitySchemaColumnOptions = { type: database === 'sqlite' ? 'datetime' : 'timestamptz' }
  const entity = (name: string, columns: Record<string, EntitySchemaColumnOptions>, relations = {}) =>
    new EntitySchema<any>({ name, tableName: name, columns: { id, ...columns }, relations })
  return {
    Task: entity('tasks', {
      title: text,
      description: { type: 'text', nullable: true },
      status: text,
      priority: integer,
      created_at: time,
    }),
    Note: entity('notes', { title: text, body: { type: 'text' }, created_at: time }),
    Address: entity('addresses', { name: text, street: text, city: text }),
    Cookie: entity('cookies', { name: text, price: integer }),
    Order: entity(
      'orders',
      { status: text, created_at: time },
      {
        address: { type: 'many-to-one', target: 'addresses', joinColumn: { name: 'address_id' } },
        lines: { type: 'one-to-many', target: 'lines', inverseSide: 'order' },
      },
    ),
    Line: entity(
      'lines',
      { quantity: integer },
      {
        order: { type: 'many-to-one', target: 'orders', joinColumn: { name: 'order_id' } },
        cookie: { type: 'many-to-one', target: 'cookies', joinColumn: { name: 'cookie_id' } },
      },
    ),
    Item: entity('items', { name: text, quantity: integer }),
    Event: entity('events', { kind: text, amount: integer }),
  }
}

/** better-sqlite3 and pg, repositories' find methods; writes without `save`, which reads first. */
serve(async (database, url) => {
  const { Task, Note, Address, Cookie, Order, Line, Item, Event } = entities(database)
  const shared = { entities: [Task, Note, Address, Cookie, Order, Line, Item, Event] }
  const source = await new DataSource(
    database === 'sqlite'
      ? { ...shared, type: 'better-sqlite3', database: url, prepareDatabase: (connection) => connection.exec(PRAGMAS) }
      : { ...shared, type: 'postgres', url, poolSize: 1 },
  ).initialize()
  const tasks = source.getRepository(Task)
  const orders = source.getRepository(Order)
  const items = source.getRepository(Item)
  const events = source.getRepository(Event)
  return {
    work: {
      'get by key': (key) => tasks.findOneBy({ id: key }),
      'builder by key': (key) => tasks.createQueryBuilder('task').where('task.id = :key', { key }).getOne(),
      'list of 20': (status) => tasks.find({ where: { status }, order: { created_at: 'DESC' }, take: 20 }),
      insert: (note) =>
        source.transaction(async (manager) => {
          const values = { ...note }
          await manager.insert(Note, values)
          return values
        }),
      update: (key, title) =>
        source.transaction(async (manager) => {
          await manager.update(Task, key, { title })
          return manager.findOneBy(Task, { id: key })
        }),
      // In the order of the lines' keys too, `take` finds too few orders.
      'graph of 50': async (afterId) => {
        const found: { lines: Row[] }[] = await orders.find({
          where: { id: MoreThan(afterId) },
          relations: { address: true, lines: { cookie: true } },
          order: { id: 'ASC' },
          take: GRAPH_SIZE,
        })
        for (const { lines } of found) lines.sort((a, b) => a.id - b.id)
        return found
      },
      'page of 200': async (page) => {
        const [found, total] = await items.findAndCount({ order: { id: 'ASC' }, take: PER_PAGE, skip: (page - 1) * PER_PAGE })
        return { total, items: found }
      },
      stream: database === 'sqlite' ? inBatches : byCursor,
    },
  }

  /** Its streams do not work on SQLite. */
  async function inBatches(add: (event: EventRow) => void): Promise<void> {
    let last = 0
    for (;;) {
      const found: EventRow[] = await events.find({ where: { id: MoreThan(last) }, order: { id: 'ASC' }, take: BATCH })
      for (const event of found) add(event)
      last = found.at(-1)?.id ?? 0
      if (found.length < BATCH) return
    }
  }

  /** Its streams give rows with the alias before each name. */
  async function byCursor(add: (event: EventRow) => void): Promise<void> {
    const rows = await events.createQueryBuilder('e').orderBy('e.id').stream()
    for await (const row of rows as AsyncIterable<{ e_id: number; e_kind: string; e_amount: number }>) {
      add({ id: row.e_id, kind: row.e_kind, amount: row.e_amount })
    }
  }
})
