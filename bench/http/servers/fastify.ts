import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify'
import { type ItemIn, itemOf, ITEMS, PUBLIC_ITEMS } from '../data.ts'
import { serve } from '../serve.ts'

/** Fastify by hand: a JSON Schema for everything that comes in and goes out. */
const app = Fastify({
  ajv: { customOptions: { allErrors: true, removeAdditional: false } },
})

declare module 'fastify' {
  interface FastifyRequest {
    trace: string
    user: string
    locale: string
  }
}

const string = { type: 'string' }
const number = { type: 'number' }
const integer = { type: 'integer' }
const boolean = { type: 'boolean' }
const strings = { type: 'array', items: string }
const category = { type: 'string', enum: ['kitchen', 'garden', 'office'] }

const item = {
  type: 'object',
  properties: {
    id: integer,
    name: string,
    description: string,
    price: number,
    quantity: integer,
    rating: number,
    active: boolean,
    category: string,
    created_at: string,
    dimensions: { type: 'object', properties: { width: number, height: number, unit: string } },
  },
}
const fields = { name: string, quantity: integer, price: number, active: boolean, category: string }
const created = { type: 'object', properties: { id: integer, ...fields, tags: strings } }
const search = { q: string, limit: integer, tags: strings, active: boolean }
const errors = {
  type: 'object',
  properties: {
    errors: {
      type: 'array',
      items: { type: 'object', properties: { field: string, message: string } },
    },
  },
}

app.setErrorHandler((error: { validation?: Issue[]; message: string }, _request, reply) => {
  if (!error.validation) return reply.code(500).send({ errors: [{ message: error.message }] })
  return reply.code(422).send({ errors: error.validation.map(toError) })
})

interface Issue {
  instancePath: string
  params: Record<string, unknown>
  message?: string
}

function toError(issue: Issue): { field: unknown; message: string } {
  const field = issue.instancePath.slice(1) || issue.params['missingProperty']
  return { field, message: issue.message ?? 'Invalid value.' }
}

const hello = { type: 'object', properties: { hello: string } }
app.get('/', { schema: { response: { 200: hello } } }, async () => ({ hello: 'world' }))

const params = { type: 'object', properties: { id: integer }, required: ['id'] }
app.get<{ Params: { id: number } }>(
  '/items/:id',
  { schema: { params, response: { 200: item } } },
  async (request) => itemOf(request.params.id),
)

const querystring = {
  type: 'object',
  properties: {
    q: { type: 'string', minLength: 1, maxLength: 100 },
    limit: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
    tags: strings,
    active: boolean,
  },
  required: ['q', 'tags', 'active'],
}
app.get<{ Querystring: { q: string; limit: number; tags: string[]; active: boolean } }>(
  '/search',
  { schema: { querystring, response: { 200: { type: 'object', properties: search } } } },
  async ({ query: { q, limit, tags, active } }) => ({ q, limit, tags, active }),
)

const body = {
  type: 'object',
  additionalProperties: false,
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 100 },
    quantity: { type: 'integer', minimum: 0 },
    price: number,
    active: boolean,
    category,
    tags: strings,
  },
  required: ['name', 'quantity', 'price', 'active', 'category', 'tags'],
}
app.post<{ Body: ItemIn }>(
  '/items',
  { schema: { body, response: { 201: created, 422: errors } } },
  async (request, reply) => {
    reply.code(201)
    return { id: 1, ...request.body }
  },
)

const list = { type: 'array', items: item }
app.get('/list', { schema: { response: { 200: list } } }, async () => ITEMS)
app.get('/unchecked', async () => PUBLIC_ITEMS)

app.decorateRequest('trace', '')
app.decorateRequest('user', '')
app.decorateRequest('locale', '')
type Done = () => void
const use = [
  (request: FastifyRequest, reply: FastifyReply, done: Done) => {
    request.trace = 't-1'
    reply.header('x-trace', request.trace)
    done()
  },
  (request: FastifyRequest, reply: FastifyReply, done: Done) => {
    request.user = 'ada'
    reply.header('x-user', request.user)
    done()
  },
  (request: FastifyRequest, reply: FastifyReply, done: Done) => {
    request.locale = 'en'
    reply.header('x-locale', request.locale)
    done()
  },
]
const members = { type: 'object', properties: { trace: string, user: string, locale: string } }
app.get(
  '/mw',
  { onRequest: use, schema: { response: { 200: members } } },
  async ({ trace, user, locale }) => ({ trace, user, locale }),
)

await app.listen({ port: 0, host: '127.0.0.1' })
serve(app.server.address())
