import { command } from 'dewar'
import { db } from './extensions.ts'
import { Address, Cookie, CookieOrder, Order } from './models.ts'

/** `dewar init-db`: begin with empty tables, three cookies and 25 orders. */
export const initDb = command({
  name: 'init-db',
  summary: 'Drop and create the tables, and seed 3 cookies and 25 orders',

  async run({ print }) {
    await seed()
    print('Initialized the database with 3 cookies and 25 orders.')
  },
})

const COOKIES = [
  { name: 'Chocolate Chip', slug: 'chocolate-chip', price: '1.50' },
  { name: 'Oatmeal Raisin', slug: 'oatmeal-raisin', price: '1.00' },
  { name: 'Sugar', slug: 'sugar', price: '0.75' },
]

const FIRST = {
  date: new Date('2022-03-14T13:27:36Z'),
  address: {
    name: 'Anytown',
    street: '12345',
    city: 'Jane',
    state: 'CA',
    zip: 'Candyland',
    country: '123 Main St',
  },
  lines: [
    { cookie_id: 1, number_of_cookies: 15 },
    { cookie_id: 2, number_of_cookies: 3 },
  ],
}
const SECOND = {
  date: new Date('2022-03-14T14:12:22Z'),
  address: {
    name: 'Jane',
    street: '123 Main St',
    city: 'Anytown',
    state: 'CA',
    zip: '12345',
    country: 'Candyland',
  },
  lines: [{ cookie_id: 3, number_of_cookies: 6 }],
}

/** The order with this number, from the third on. */
function toOrder(n: number): typeof FIRST {
  return {
    date: new Date(Date.UTC(2022, 2, 15) + n * 60_000),
    address: {
      name: `Customer ${n}`,
      street: `${n} Main St`,
      city: 'Anytown',
      state: 'CA',
      zip: String(10_000 + n),
      country: 'Candyland',
    },
    lines: [{ cookie_id: 1 + (n % 3), number_of_cookies: n }],
  }
}

/** @param orders how many there are, at least two */
export async function seed(orders = 25): Promise<void> {
  await db.dropTables()
  await db.createTables()
  await db.insertMany(Cookie, COOKIES)
  const all = [FIRST, SECOND, ...Array.from({ length: orders - 2 }, (_, i) => toOrder(i + 3))]
  const addresses = await db.insertMany(
    Address,
    all.map(({ address }) => address),
  )
  const made = await db.insertMany(
    Order,
    all.map(({ date }, i) => ({ date, address_id: addresses[i]!.id })),
  )
  await db.insertMany(
    CookieOrder,
    all.flatMap(({ lines }, i) => lines.map((line) => ({ ...line, order_id: made[i]!.id }))),
  )
}

/** A database that is new begins with them; one that is in use is left as it is. */
export async function seedWhenEmpty(): Promise<void> {
  await db.createTables()
  if (!(await db.find(Cookie).exists())) await seed()
}
