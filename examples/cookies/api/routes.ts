import { abort, Blueprint, jsonList, reply } from 'dewar'
import { z } from 'dewar/schema'
import { auth, db } from '../extensions.ts'
import { Order } from '../models.ts'
import { OrderOut, serializeOrder, serializeOrders } from './services/serialize_orders.ts'

const PageQuery = z.object({
  page: z.int().optional().catch(1),
  per_page: z.int().min(1).optional().catch(10),
})

const MAX_PER_PAGE = 100

/** Version 1 of the API; a second may stand beside it. */
export const apiV1 = new Blueprint('api_v1', { use: [auth.signedIn()] })

const contract = { name: 'orders', summary: 'List orders', query: PageQuery } as const

apiV1.get('/orders', { ...contract, output: z.array(OrderOut) }, async ({ query }) => {
  const orders = db
    .find(Order)
    .with({ address: true, cookie_orders: { cookie: true } })
    .orderBy('id')
  const { page = 1, per_page: perPage = 10 } = query
  if (query.page === undefined && query.per_page === undefined) {
    return jsonList(serializeOrders(orders.stream({ batch: 200 })))
  }
  if (page < 1) abort(404, 'There is no such page')
  const found = await orders.paginate({ page, perPage, maxPerPage: MAX_PER_PAGE })
  if (found.items.length === 0 && page > 1) abort(404, 'There is no such page')
  return reply(200, found.items.map(serializeOrder), {
    'X-Total-Count': found.total,
    'X-Total-Pages': found.pages,
    'X-Page': found.page,
    'X-Per-Page': found.per_page,
  })
})
