import express, { type Request, type RequestHandler, type Response } from 'express'
import { itemOf, ITEMS, PUBLIC_ITEMS } from '../data.ts'
import { serve } from '../serve.ts'
import { ItemBody, ItemOut, ItemsOut, SearchQuery, toErrors } from './schemas.ts'

const app = express()
app.disable('x-powered-by')
// The others do not hash their answers either.
app.disable('etag')

app.get('/', (_request, response) => void response.json({ hello: 'world' }))

app.get('/items/:id', (request, response, next) => {
  const id = Number(request.params.id)
  if (!Number.isInteger(id)) return next()
  response.json(ItemOut.parse(itemOf(id)))
})

app.get('/search', (request, response) => {
  const result = SearchQuery.safeParse(request.query)
  if (!result.success) {
    response.status(422).json({ errors: toErrors(result.error) })
    return
  }
  const { q, limit, tags, active } = result.data
  response.json({ q, limit, tags, active })
})

app.post('/items', express.json(), (request, response) => {
  const result = ItemBody.safeParse(request.body)
  if (!result.success) {
    response.status(422).json({ errors: toErrors(result.error) })
    return
  }
  response.status(201).json({ id: 1, ...result.data })
})

app.get('/list', (_request, response) => void response.json(ItemsOut.parse(ITEMS)))

app.get('/unchecked', (_request, response) => void response.json(PUBLIC_ITEMS))

const add =
  (name: string, value: string): RequestHandler =>
  (_request, response, next) => {
    response.locals[name] = value
    response.setHeader(`x-${name}`, value)
    next()
  }
const use = [add('trace', 't-1'), add('user', 'ada'), add('locale', 'en')]
app.get('/mw', use, (_request: Request, response: Response) => {
  const { trace, user, locale } = response.locals
  response.json({ trace, user, locale })
})

const server = app.listen(0, '127.0.0.1', () => serve(server.address()))
