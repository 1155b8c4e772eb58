import { App, created, middleware } from '../../../src/index.ts'
import { z } from '../../../src/schema/index.ts'
import { itemOf, ITEMS, PUBLIC_ITEMS } from '../data.ts'
import { serve } from '../serve.ts'

const app = new App('bench', { logger: false })

const Category = z.enum(['kitchen', 'garden', 'office'])
const ItemIn = z.object({
  name: z.string().min(1).max(100),
  quantity: z.int().min(0),
  price: z.number(),
  active: z.boolean(),
  category: Category,
  tags: z.array(z.string()),
})
const Created = ItemIn.extend({ id: z.int() })
const Item = z.object({
  id: z.int(),
  name: z.string(),
  description: z.string(),
  price: z.number(),
  quantity: z.int(),
  rating: z.number(),
  active: z.boolean(),
  category: Category,
  created_at: z.string(),
  dimensions: z.object({ width: z.number(), height: z.number(), unit: z.string() }),
})
const Search = z.object({
  q: z.string().min(1).max(100),
  limit: z.int().min(1).max(100).default(20),
  tags: z.array(z.string()),
  active: z.boolean(),
})

app.get('/', { output: z.object({ hello: z.string() }) }, () => ({ hello: 'world' }))

app.get('/items/<int:id>', { output: Item }, ({ params }) => itemOf(params.id))

app.get('/search', { query: Search, output: Search }, ({ query: { q, limit, tags, active } }) => ({
  q,
  limit,
  tags,
  active,
}))

app.post('/items', { json: ItemIn, output: { 201: Created } }, ({ json }) =>
  created({ id: 1, ...json }),
)

app.get('/list', { output: z.array(Item) }, () => ITEMS)

app.get('/unchecked', () => PUBLIC_ITEMS)

const trace = middleware<{ trace: string }>((c, next) => {
  c.setHeader('x-trace', 't-1')
  return next({ trace: 't-1' })
})
const user = middleware<{ user: string }>((c, next) => {
  c.setHeader('x-user', 'ada')
  return next({ user: 'ada' })
})
const locale = middleware<{ locale: string }>((c, next) => {
  c.setHeader('x-locale', 'en')
  return next({ locale: 'en' })
})
const Added = z.object({ trace: z.string(), user: z.string(), locale: z.string() })
app.get('/mw', { use: [trace, user, locale], output: Added }, (c) => ({
  trace: c.trace,
  user: c.user,
  locale: c.locale,
}))

await app.listen({ port: 0 })
serve(app.fastify.server.address())
