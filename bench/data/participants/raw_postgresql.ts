import pg from 'pg'
import { type EventRow, GRAPH_SIZE, PER_PAGE, type Work } from '../rows.ts'
import type { Opened } from '../serve.ts'

type Values = [number, ...unknown[]]

const TASK = 'id, title, description, status, priority, created_at'
const BATCH = 1_000

/** pg by hand: named prepared statements, rows as arrays, on one connection. */
export async function openRawPostgresql(url: string): Promise<Opened> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const prepare = (name: string, text: string) => async (values: unknown[] = []) => {
    const { rows } = await client.query<Values>({ name, text, values, rowMode: 'array' })
    return rows
  }
  const byKey = prepare('by_key', `SELECT ${TASK} FROM tasks WHERE id = $1`)
  const latest = prepare('latest', `SELECT ${TASK} FROM tasks WHERE status = $1 ORDER BY created_at DESC LIMIT 20`)
  const orders = prepare(
    'orders',
    `SELECT o.id, o.address_id, o.status, o.created_at, a.name, a.street, a.city
     FROM orders o JOIN addresses a ON a.id = o.address_id WHERE o.id > $1 ORDER BY o.id LIMIT ${GRAPH_SIZE}`,
  )
  const lines = prepare(
    'lines',
    `SELECT l.id, l.order_id, l.cookie_id, l.quantity, c.name, c.price
     FROM lines l JOIN cookies c ON c.id = l.cookie_id WHERE l.order_id = ANY ($1) ORDER BY l.id`,
  )
  const count = prepare('count', 'SELECT count(*)::int FROM items')
  const page = prepare('page', `SELECT id, name, quantity FROM items ORDER BY id LIMIT ${PER_PAGE} OFFSET $1`)
  const batch = prepare('batch', `SELECT id, kind, amount FROM events WHERE id > $1 ORDER BY id LIMIT ${BATCH}`)
  const insert = prepare('insert', 'INSERT INTO notes (title, body, created_at) VALUES ($1, $2, $3) RETURNING id')
  const update = prepare('update', `UPDATE tasks SET title = $1 WHERE id = $2 RETURNING ${TASK}`)

  const get = async (id: number) => {
    const [found] = await byKey([id])
    return found && toTask(found)
  }
  const work: Work = {
    'get by key': get,
    'builder by key': get,
    'list of 20': async (status) => (await latest([status])).map(toTask),
    insert: async ({ title, body, created_at }) => {
      await client.query('BEGIN')
      const [found] = await insert([title, body, created_at])
      await client.query('COMMIT')
      return { id: found?.[0], title, body, created_at }
    },
    update: async (id, title) => {
      await client.query('BEGIN')
      const [found] = await update([title, id])
      await client.query('COMMIT')
      return found && toTask(found)
    },
    'graph of 50': async (afterId) => {
      const byId = new Map<unknown, OrderWithLines>()
      const found = (await orders([afterId])).map((each) => {
        const order = toOrder(each)
        byId.set(order.id, order)
        return order
      })
      for (const each of await lines([[...byId.keys()]])) byId.get(each[1])?.lines.push(toLine(each))
      return found
    },
    'page of 200': async (number) => {
      const [[total] = []] = await count()
      const items = await page([(number - 1) * PER_PAGE])
      return { total, items: items.map(([id, name, quantity]) => ({ id, name, quantity })) }
    },
    stream: async (add) => {
      let last = 0
      for (;;) {
        const found = await batch([last])
        for (const each of found) add(toEvent(each))
        last = found.at(-1)?.[0] ?? 0
        if (found.length < BATCH) return
      }
    },
  }
  return { work }
}

function toTask([id, title, description, status, priority, created_at]: Values) {
  return { id, title, description, status, priority, created_at }
}

function toEvent([id, kind, amount]: Values): EventRow {
  return { id, kind: kind as string, amount: amount as number }
}

interface OrderWithLines {
  id: number
  lines: object[]
}

function toOrder([id, address_id, status, created_at, name, street, city]: Values): OrderWithLines {
  const address = { id: address_id, name, street, city }
  const order = { id, address_id, status, created_at, address, lines: [] }
  return order
}

function toLine([id, order_id, cookie_id, quantity, name, price]: Values) {
  return { id, order_id, cookie_id, quantity, cookie: { id: cookie_id, name, price } }
}
