import { serve as listen } from '@hono/node-server'
import { zValidator } from '@hono/zod-validator'
import { Hono } from 'hono'
import { createMiddleware } from 'hono/factory'
import { itemOf, ITEMS, PUBLIC_ITEMS } from '../data.ts'
import { serve } from '../serve.ts'
import { ItemBody, ItemOut, ItemsOut, SearchQuery, toErrors } from './schemas.ts'

const app = new Hono()

app.get('/', (c) => c.json({ hello: 'world' }))

app.get('/items/:id{[0-9]+}', (c) => 
  c.json(ItemOut.parse(itemOf(Number(c.req.param('id'))))),
)

const search = zValidator('query', SearchQuery, (result, c) =>
  result.success ? undefined : c.json({ errors: toErrors(result.error) }, 422),
)
app.get('/search', search, (c) => {
  const { q, limit, tags, active } = c.req.valid('query')
  return c.json({ q, limit, tags, active })
})

const body = zValidator('json', ItemBody, (result, c) =>
  result.success ? undefined : c.json({ errors: toErrors(result.error) }, 422),
)
app.post('/items', body, (c) => c.json({ id: 1, ...c.req.valid('json') }, 201))

app.get('/list', (c) => c.json(ItemsOut.parse(ITEMS)))

app.get('/unchecked', (c) => c.json(PUBLIC_ITEMS))

const trace = createMiddleware<{ Variables: { trace: string } }>(async (c, next) => {
  c.set('trace', 't-1')
  c.header('x-trace', 't-1')
  await next()
})
const user = createMiddleware<{ Variables: { user: string } }>(async (c, next) => {
  c.set('user', 'ada')
  c.header('x-user', 'ada')
  await next()
})
const locale = createMiddleware<{ Variables: { locale: string } }>(async (c, next) => {
  c.set('locale', 'en')
  c.header('x-locale', 'en')
  await next()
})
app.get('/mw', trace, user, locale, (c) =>
  c.json({ trace: c.get('trace'), user: c.get('user'), locale: c.get('locale') }),
)

const server = listen({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () =>
  serve(server.address()),
)
