import { datetime, decimal, id, integer, model, now, reference, type Row, string } from 'dewar/db'

export const Cookie = model('cookies', {
  id: id(),
  name: string(80),
  slug: string(80).unique(),
  price: decimal(8, 2).nullable(),
})
export type Cookie = Row<typeof Cookie>

export const Address = model('addresses', {
  id: id(),
  name: string(80),
  street: string(120),
  city: string(80),
  state: string(40),
  zip: string(20),
  country: string(80),
})

export const Order = model('orders', {
  id: id(),
  date: datetime().default(now),
  address_id: reference(Address).unique(),
})

export const CookieOrder = model('cookie_orders', {
  id: id(),
  order_id: reference(Order, { onDelete: 'cascade' }),
  cookie_id: reference(Cookie),
  number_of_cookies: integer(),
})
