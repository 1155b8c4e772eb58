import type { Row } from 'dewar/db'
import { z } from 'dewar/schema'
import type { Address, Cookie, CookieOrder, Order } from '../../models.ts'

export const OrderOut = z.object({
  id: z.int(),
  date: z.string(),
  address: z.object({
    name: z.string(),
    street: z.string(),
    city: z.string(),
    state: z.string(),
    zip: z.string(),
    country: z.string(),
  }),
  cookie_orders: z.array(
    z.object({ cookie_id: z.int(), number_of_cookies: z.int(), cookie_name: z.string() }),
  ),
})

/** What the serializer needs of an order. */
export type LoadedOrder = Row<typeof Order> & {
  readonly address: Row<typeof Address>
  readonly cookie_orders: readonly (Row<typeof CookieOrder> & {
    readonly cookie: Row<typeof Cookie>
  })[]
}

/** An order as the API shows it; its address without the id, as {@link OrderOut} says. */
export function serializeOrder({ id, date, address, cookie_orders }: LoadedOrder) {
  return {
    id,
    date: date.toISOString().slice(0, 19).replace('T', ' '),
    address,
    cookie_orders: cookie_orders.map(({ cookie_id, number_of_cookies, cookie }) => ({
      cookie_id,
      number_of_cookies,
      cookie_name: cookie.name,
    })),
  }
}

/** The same for each, while they come. */
export async function* serializeOrders(orders: AsyncIterable<LoadedOrder>) {
  for await (const order of orders) yield serializeOrder(order)
}
