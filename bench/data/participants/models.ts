import { belongsTo, database, datetime, enumeration, hasMany, id, integer, model, reference, string, text } from '../../../src/ext/db/index.ts'
import { STATUSES } from '../seed.ts'

const status = () => enumeration(STATUSES)

export const Task = model('tasks', {
  id: id(),
  title: string(150),
  description: text().nullable(),
  status: status(),
  priority: integer(),
  created_at: datetime(),
})
export const Note = model('notes', { id: id(), title: string(150), body: text(), created_at: datetime() })
const Address = model('addresses', { id: id(), name: string(50), street: string(50), city: string(50) })
const Cookie = model('cookies', { id: id(), name: string(50), price: integer() })
export const Order = model('orders', {
  id: id(),
  address_id: reference(Address),
  status: status(),
  created_at: datetime(),
})
const Line = model('lines', {
  id: id(),
  order_id: reference(Order),
  cookie_id: reference(Cookie),
  quantity: integer(),
})
export const Item = model('items', { id: id(), name: string(50), quantity: integer() })
export const Event = model('events', { id: id(), kind: string(20), amount: integer() })

export const db = database([Task, Note, Address, Cookie, Order, Line, Item, Event], {
  relations: {
    orders: { address: belongsTo(Address), lines: hasMany(Line) },
    lines: { cookie: belongsTo(Cookie) },
  },
})
