import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp } from '../../../examples/cookies/app.ts'
import { readConfig } from '../../../examples/cookies/config.ts'
import { db } from '../../../examples/cookies/extensions.ts'
import { Address, Cookie, CookieOrder, Order } from '../../../examples/cookies/models.ts'
import { serve } from '../../http/serve.ts'
import { COOKIES, KEY, ORDERS, ordersUpTo } from '../data.ts'

/** The cookie shop of the examples, as it is. */
const dir = mkdtempSync(join(tmpdir(), 'dewar-bench-'))
process.on('exit', () => rmSync(dir, { recursive: true }))

const overrides = { databaseUrl: `sqlite:///${join(dir, 'cookies.db')}`, apiKey: KEY }
const config = readConfig({ profile: 'testing', env: {}, overrides })
const app = createApp(config, { logger: false })
await app.withScope(async () => {
  await db.dropTables()
  await db.createTables()
  const orders = ordersUpTo(ORDERS)
  const cookies = COOKIES.map((name, i) => ({ name, slug: `cookie-${i + 1}`, price: '1.50' }))
  await db.insertMany(Cookie, cookies)
  await db.insertMany(
    Address,
    orders.map(({ id, address }) => ({ id, ...address })),
  )
  await db.insertMany(
    Order,
    orders.map(({ id, date }) => ({ id, date, address_id: id })),
  )
  await db.insertMany(
    CookieOrder,
    orders.flatMap(({ id, lines }) => lines.map((line) => ({ ...line, order_id: id }))),
  )
})
await app.listen({ port: 0 })
serve(app.fastify.server.address())
