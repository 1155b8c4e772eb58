/** An order as it is stored, with its address and lines. */
export interface StoredOrder {
  id: number
  date: Date
  address: Record<(typeof ADDRESS_FIELDS)[number], string>
  lines: { cookie_id: number; number_of_cookies: number }[]
}

export const ADDRESS_FIELDS = ['name', 'street', 'city', 'state', 'zip', 'country'] as const
export const COOKIES = ['Chocolate Chip', 'Oatmeal Raisin', 'Sugar', 'Snickerdoodle', 'Ginger Snap']

/** Who knows it may read the orders. */
export const KEY = 'the key of the bench'

/** How many orders the server of this process has. */
export const ORDERS = Number(process.env['BENCH_ORDERS'] ?? 50)

const FIRST = Date.UTC(2022, 2, 14, 13, 27, 36)

/** The order with this number, from 1 on: one to three lines. */
export function orderOf(id: number): StoredOrder {
  return {
    id,
    date: new Date(FIRST + id * 61_000),
    address: {
      name: `Customer ${id}`,
      street: `${id} Main St`,
      city: 'Anytown',
      state: 'CA',
      zip: String(10_000 + id),
      country: 'Candyland',
    },
    lines: Array.from({ length: 1 + (id % 3) }, (_, i) => ({
      cookie_id: 1 + ((id + i) % COOKIES.length),
      number_of_cookies: 1 + ((id + i) % 24),
    })),
  }
}

export function ordersUpTo(count: number): StoredOrder[] {
  return Array.from({ length: count }, (_, i) => orderOf(i + 1))
}

/** What every server must answer. */
export function answerOf(count: number): object[] {
  return ordersUpTo(count).map(({ id, date, address, lines }) => ({
    id,
    date: date.toISOString().slice(0, 19).replace('T', ' '),
    address,
    cookie_orders: lines.map((line) => ({ ...line, cookie_name: COOKIES[line.cookie_id - 1] })),
  }))
}
