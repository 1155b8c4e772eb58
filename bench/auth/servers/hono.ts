import { serve as listen } from '@hono/node-server'
import { Hono } from 'hono'
import { jwt } from 'hono/jwt'
import { serve } from '../../http/serve.ts'
import { SECRET } from '../rows.ts'

const app = new Hono()
app.get('/health', (c) => c.json({ status: 'ok' }))
app.get('/signed-in', jwt({ secret: SECRET, alg: 'HS256' }), (c) => c.json({ status: 'ok' }))

const server = listen({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () =>
  serve(server.address()),
)
