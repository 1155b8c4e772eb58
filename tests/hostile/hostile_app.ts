import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { App, type AppOptions, file, redirect, reply, stream, uploadedFile } from 'dewar'
import { pino } from 'pino'
import { z } from 'zod'

/** An app with one route for each way in and out, listening. */
export interface Target extends AsyncDisposable {
  readonly port: number
  /** What the app logged as an error: there must be nothing. */
  readonly errors: string[]
  /** Addresses of all requests that reached a handler. */
  readonly handled: string[]
  connections(): Promise<number>
}

/** @param options for Fastify, such as shorter timeouts */
export async function startTarget(options: AppOptions['fastify'] = {}): Promise<Target> {
  const errors: string[] = []
  const handled: string[] = []
  const root = mkdtempSync(join(tmpdir(), 'dewar-hostile-'))
  writeFileSync(join(root, 'hello.txt'), 'hello, world')
  const logger = pino({ level: 'error' }, { write: (line: string) => void errors.push(line) })
  const app = createHostileApp(root, { logger, fastify: options })
  app.use((c, next) => {
    if (c.routeName !== undefined) handled.push(`${c.request.method} ${c.routeName}`)
    return next()
  })
  const url = await app.listen({ port: 0 })
  return {
    port: Number(new URL(url).port),
    errors,
    handled,
    connections: () => promisify(app.fastify.server.getConnections.bind(app.fastify.server))(),
    async [Symbol.asyncDispose]() {
      app.fastify.server.closeAllConnections()
      await app.close()
      rmSync(root, { recursive: true })
    },
  }
}

/** @param root of the files that are served */
export function createHostileApp(root: string, options: AppOptions): App {
  const app = new App('hostile', options)
  const Item = z.object({
    title: z.string(),
    price: z.number().optional(),
    on: z.boolean().optional(),
  })
  const Text = z.object({ value: z.string().optional() })
  app.get('/echo/<string:nonce>', { name: 'echo' }, ({ params }) => ({ nonce: params.nonce }))
  app.get('/num/<int:id>', { name: 'num' }, ({ params }) => ({ id: params.id }))
  app.get('/text/<path:rest>', { name: 'text' }, ({ params }) => ({ rest: params.rest }))
  app.get(
    '/search',
    { name: 'search', query: Text.extend({ page: z.int().optional() }) },
    (c) => c.query,
  )
  app.get('/files/<path:name>', { name: 'files' }, ({ params }) => file(params.name, { root }))
  app.get('/header', { name: 'header', query: Text }, ({ query }) =>
    reply(200, { ok: true }, { 'X-Name': query.value ?? '' }),
  )
  app.get('/go', { name: 'go', query: Text }, ({ query }) => redirect(query.value ?? '/'))
  app.get('/where', { name: 'where' }, ({ request }) => [request.origin, request.hostname])
  app.get('/cookies', { name: 'cookies' }, ({ request }) => Object.keys(request.cookies).length)
  app.get('/headers', { name: 'headers' }, ({ request }) => Object.keys(request.headers).length)
  app.get('/stream', { name: 'stream', query: z.object({ pieces: z.int() }) }, ({ query }) =>
    stream(pieces(query.pieces)),
  )
  app.post('/json', { name: 'json', json: Item }, ({ json }) => json)
  app.post('/any', { name: 'any' }, async ({ request }) => typeof (await request.json()))
  app.post('/form', { name: 'form', form: Text }, ({ form }) => form)
  app.post(
    '/upload',
    { name: 'upload', form: Text, files: z.object({ photo: uploadedFile() }) },
    ({ files, form }) => ({ filename: files.photo.filename, size: files.photo.sizeBytes, ...form }),
  )
  app.post('/ignored', { name: 'ignored' }, () => ({ ok: true }))
  app.post('/later', { name: 'later' }, async () => {
    await new Promise((resolve) => setTimeout(resolve, 100))
    return { later: true }
  })
  return app
}

/** How many pieces of streams were asked for. */
export const given = { pieces: 0 }

const PIECE = Buffer.alloc(65_536, 'x')

async function* pieces(count: number): AsyncGenerator<Buffer> {
  for (let i = 0; i < count; i++) {
    given.pieces++
    yield PIECE
  }
}
