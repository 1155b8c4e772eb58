import jwt from '@fastify/jwt'
import Fastify from 'fastify'
import { serve } from '../../http/serve.ts'
import { SECRET } from '../rows.ts'

/** Fastify with its own plugin, which remembers verified tokens when told to. Nothing is revoked. */
const app = Fastify()
await app.register(jwt, { secret: SECRET, verify: { cache: 10_000, algorithms: ['HS256'] } })

const schema = {
  response: { 200: { type: 'object', properties: { status: { type: 'string' } } } },
}
app.get('/health', { schema }, async () => ({ status: 'ok' }))
app.get('/signed-in', { schema, onRequest: (request) => request.jwtVerify() }, async () => ({
  status: 'ok',
}))

await app.listen({ port: 0, host: '127.0.0.1' })
serve(app.server.address())
