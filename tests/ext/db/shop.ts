import {
  belongsTo,
  database,
  datetime,
  decimal,
  enumeration,
  hasMany,
  hasOne,
  id,
  integer,
  manyToMany,
  model,
  reference,
  string,
} from 'dewar/db'

export const Customer = model('customers', { id: id(), name: string(50).unique() })
export const Address = model('addresses', {
  id: id(),
  customer_id: reference(Customer, { onDelete: 'cascade' }).unique(),
  city: string(50),
})
export const Cookie = model('cookies', {
  id: id(),
  name: string(50).unique(),
  price: decimal(8, 2),
})
export const Order = model(
  'orders',
  {
    id: id(),
    customer_id: reference(Customer, { onDelete: 'restrict' }),
    referrer_id: reference(Customer, { onDelete: 'set null' }).nullable(),
    status: enumeration(['open', 'sent']).default('open'),
    sent_at: datetime().nullable(),
  },
  { indexes: [{ columns: ['status', '-sent_at'] }] },
)
export const Line = model(
  'lines',
  {
    order_id: reference(Order, { onDelete: 'cascade' }).primary(),
    cookie_id: reference(Cookie).primary(),
    number: integer().default(1),
  },
  { checks: { positive: 'number > 0' } },
)
export const Category = model('categories', {
  id: id(),
  name: string(50),
  parent_id: integer().references('categories').nullable(),
})

export const db = database([Customer, Address, Cookie, Order, Line, Category], {
  relations: {
    customers: { address: hasOne(Address), orders: hasMany(Order, { via: 'customer_id' }) },
    addresses: { customer: belongsTo(Customer) },
    orders: {
      customer: belongsTo(Customer, { via: 'customer_id' }),
      referrer: belongsTo(Customer, { via: 'referrer_id', optional: true }),
      lines: hasMany(Line),
      cookies: manyToMany(Cookie, { through: Line, orderBy: ['-name'] }),
    },
    lines: { order: belongsTo(Order), cookie: belongsTo(Cookie) },
    cookies: { orders: manyToMany(Order, { through: Line }) },
    categories: {
      parent: belongsTo(Category, { optional: true }),
      children: hasMany(Category),
    },
  },
})

/** Three customers, four cookies, and orders with lines. */
export async function seedShop(orders = 5): Promise<void> {
  const customers = await db.insertMany(Customer, [
    { name: 'Ada' },
    { name: 'Bob' },
    { name: 'Cy' },
  ])
  await db.insertMany(Address, [
    { customer_id: customers[0]!.id, city: 'Bath' },
    { customer_id: customers[1]!.id, city: 'York' },
  ])
  const prices = ['1.10', '2.20', '0.05', '10.00']
  const cookies = await db.insertMany(
    Cookie,
    prices.map((price, i) => ({ name: `cookie ${i}`, price })),
  )
  for (let i = 0; i < orders; i++) {
    const order = await db.insert(Order, {
      customer_id: customers[i % 2]!.id,
      referrer_id: i % 3 === 0 ? customers[2]!.id : null,
      status: i % 2 === 0 ? 'sent' : 'open',
      sent_at: i % 2 === 0 ? new Date(Date.UTC(2026, 0, 1 + i)) : null,
    })
    await db.insertMany(
      Line,
      cookies
        .slice(0, 1 + (i % 4))
        .map((cookie, n) => ({ order_id: order.id, cookie_id: cookie.id, number: n + 1 })),
    )
  }
}
