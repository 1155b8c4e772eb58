import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { type EventRow, GRAPH_SIZE, PER_PAGE, type Work } from '../rows.ts'
import { PRAGMAS } from '../seed.ts'
import type { Opened } from '../serve.ts'

type Values = [number, ...unknown[]]

const TASK = 'id, title, description, status, priority, created_at'
const BATCH = 1_000

/** node:sqlite by hand: prepared statements, rows as arrays, one connection to write and one to read, as Dewar has. */
export function openRawSqlite(path: string): Opened {
  const reader = connect(path)
  const writer = connect(path)
  const rows = (statement: StatementSync, ...values: (string | number)[]) => statement.all(...values) as unknown as Values[]
  const row = (statement: StatementSync, ...values: (string | number)[]) => statement.get(...values) as unknown as Values | undefined
  const prepare = (sql: string) => reader.prepare(sql, { returnArrays: true })
  const byKey = prepare(`SELECT ${TASK} FROM tasks WHERE id = ?`)
  const latest = prepare(`SELECT ${TASK} FROM tasks WHERE status = ? ORDER BY created_at DESC LIMIT 20`)
  const orders = prepare(
    `SELECT o.id, o.address_id, o.status, o.created_at, a.name, a.street, a.city
     FROM orders o JOIN addresses a ON a.id = o.address_id WHERE o.id > ? ORDER BY o.id LIMIT ${GRAPH_SIZE}`,
  )
  const lines = prepare(
    `SELECT l.id, l.order_id, l.cookie_id, l.quantity, c.name, c.price
     FROM lines l JOIN cookies c ON c.id = l.cookie_id WHERE l.order_id IN (${Array(GRAPH_SIZE).fill('?').join()}) ORDER BY l.order_id, l.id`,
  )
  const count = prepare('SELECT count(*) FROM items')
  const page = prepare(`SELECT id, name, quantity FROM items ORDER BY id LIMIT ${PER_PAGE} OFFSET ?`)
  const batch = prepare(`SELECT id, kind, amount FROM events WHERE id > ? ORDER BY id LIMIT ${BATCH}`)
  const begin = writer.prepare('BEGIN IMMEDIATE')
  const commit = writer.prepare('COMMIT')
  const insert = writer.prepare('INSERT INTO notes (title, body, created_at) VALUES (?, ?, ?) RETURNING id', { returnArrays: true })
  const update = writer.prepare(`UPDATE tasks SET title = ? WHERE id = ? RETURNING ${TASK}`, { returnArrays: true })

  const get = (id: number) => {
    const found = row(byKey, id)
    return found && toTask(found)
  }
  const work: Work = {
    'get by key': get,
    'builder by key': get,
    'list of 20': (status) => rows(latest, status).map(toTask),
    insert: ({ title, body, created_at }) => {
      begin.run()
      const [id] = row(insert, title, body, created_at.toISOString()) ?? []
      commit.run()
      return { id, title, body, created_at }
    },
    update: (id, title) => {
      begin.run()
      const found = row(update, title, id)
      commit.run()
      return found && toTask(found)
    },
    'graph of 50': (afterId) => {
      const byId = new Map<unknown, OrderWithLines>()
      const found = rows(orders, afterId).map((each) => {
        const order = toOrder(each)
        byId.set(order.id, order)
        return order
      })
      for (const each of rows(lines, ...byId.keys() as Iterable<number>)) byId.get(each[1])?.lines.push(toLine(each))
      return found
    },
    'page of 200': (number) => {
      const [total] = row(count) ?? []
      return { total, items: rows(page, (number - 1) * PER_PAGE).map(([id, name, quantity]) => ({ id, name, quantity })) }
    },
    stream: (add) => {
      let last = 0
      for (;;) {
        const found = rows(batch, last)
        for (const each of found) add(toEvent(each))
        last = found.at(-1)?.[0] ?? 0
        if (found.length < BATCH) return
      }
    },
  }
  return { work }
}

function connect(path: string): DatabaseSync {
  const database = new DatabaseSync(path)
  database.exec(PRAGMAS)
  return database
}

function toTask([id, title, description, status, priority, created_at]: Values) {
  return { id, title, description, status, priority, created_at: new Date(created_at as string) }
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
  const order = { id, address_id, status, created_at: new Date(created_at as string), address, lines: [] }
  return order
}

function toLine([id, order_id, cookie_id, quantity, name, price]: Values) {
  return { id, order_id, cookie_id, quantity, cookie: { id: cookie_id, name, price } }
}
