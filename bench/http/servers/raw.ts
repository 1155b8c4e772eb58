import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { parse } from 'node:querystring'
import { type ItemIn, itemOf, ITEMS, PUBLIC_ITEMS, toItem } from '../data.ts'
import { serve } from '../serve.ts'

/** The floor: node:http alone, routed and validated by hand. */
const server = createServer((request, response) => {
  const url = request.url ?? '/'
  if (url === '/') return send(response, 200, { hello: 'world' })
  if (url.startsWith('/items/')) return send(response, 200, toItem(itemOf(Number(url.slice(7)))))
  if (url.startsWith('/search?')) return search(url.slice(8), response)
  if (url === '/items') return create(request, response)
  if (url === '/list') return send(response, 200, ITEMS.map(toItem))
  if (url === '/unchecked') return send(response, 200, PUBLIC_ITEMS)
  if (url === '/mw') return middleware(response)
  return send(response, 404, { message: 'Not Found' })
})

server.listen(0, '127.0.0.1', () => serve(server.address()))

function send(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body)
  response
    .writeHead(status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    })
    .end(text)
}

function search(text: string, response: ServerResponse): void {
  const { q, limit = '20', tags = [], active } = parse(text)
  const errors = []
  if (typeof q !== 'string' || !q || q.length > 100) errors.push({ field: 'q' })
  if (!(Number(limit) >= 1 && Number(limit) <= 100)) errors.push({ field: 'limit' })
  if (active !== 'true' && active !== 'false') errors.push({ field: 'active' })
  if (errors.length) return send(response, 422, { errors })
  const list = typeof tags === 'string' ? [tags] : tags
  return send(response, 200, { q, limit: Number(limit), tags: list, active: active === 'true' })
}

function create(request: IncomingMessage, response: ServerResponse): void {
  let text = ''
  request.setEncoding('utf8')
  request.on('data', (chunk: string) => (text += chunk))
  request.on('end', () => {
    const item = JSON.parse(text) as ItemIn
    const fields = rejected(item)
    if (fields.length) return send(response, 422, { errors: fields.map((field) => ({ field })) })
    return send(response, 201, { id: 1, ...item })
  })
}

function rejected(item: ItemIn): string[] {
  const fields = []
  if (typeof item.name !== 'string' || !item.name || item.name.length > 100) fields.push('name')
  if (!Number.isInteger(item.quantity) || item.quantity < 0) fields.push('quantity')
  if (typeof item.price !== 'number') fields.push('price')
  if (typeof item.active !== 'boolean') fields.push('active')
  if (!['kitchen', 'garden', 'office'].includes(item.category)) fields.push('category')
  if (!Array.isArray(item.tags) || !item.tags.every((tag) => typeof tag === 'string')) {
    fields.push('tags')
  }
  return fields
}

function middleware(response: ServerResponse): void {
  response.setHeader('x-trace', 't-1').setHeader('x-user', 'ada').setHeader('x-locale', 'en')
  send(response, 200, { trace: 't-1', user: 'ada', locale: 'en' })
}
