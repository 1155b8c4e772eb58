import { Blueprint, created } from 'dewar'
import { z } from 'dewar/schema'

/** The first routes of all: text, JSON, path parameters, a query. */
export const hello = new Blueprint('hello')

hello.get('/', () => 'Hello, World! This is my first Flask API.')

hello.get('/api/hello', () => ({
  message: 'Hello from the API!',
  version: '1.0',
  status: 'success',
}))

hello.get('/api/status', () => ({ status: 'ok' }))

hello.get('/api/time', () => ({ time: new Date() }))

hello.get('/good', () => ({ status: 'ok' }))

hello.get('/less-good', () => ({ status: 'maybe' }))

hello.get('/api/welcome', () => ({
  message: 'Welcome to our Simple API!',
  endpoints_available: ['/api/welcome', '/api/greet/<name>'],
}))

hello.get('/api/greet/<name>', ({ params }) => ({
  greeting: `Hello, ${params.name}! Nice to meet you.`,
}))

const Echo = z.object({ text: z.string().default('') })

hello.get('/api/echo', { query: Echo }, ({ query }) => ({ you_sent: query.text }))

const showResource = { name: 'show_resource' } as const

hello.post('/api/resource', showResource, ({ request }) =>
  created({ id: 123, message: 'Resource created' }, `${request.origin}/api/resource/123`, {
    'X-Custom-Info': 'Some value',
  }),
)
