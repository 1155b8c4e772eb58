import { createServer, type Server } from 'node:http'
import { Ignitor } from '@adonisjs/core'
import { defineConfig as defineBodyParser } from '@adonisjs/core/bodyparser'
import { defineConfig as defineEncryption, drivers } from '@adonisjs/core/encryption'
import { defineConfig as defineHttp, ExceptionHandler, type HttpContext } from '@adonisjs/core/http'
import { defineConfig as defineLogger } from '@adonisjs/core/logger'
import { BaseSerializer, BaseTransformer } from '@adonisjs/core/transformers'
import type { ApplicationService } from '@adonisjs/core/types'
import vine from '@vinejs/vine'
import { type StoredItem, itemOf, ITEMS, PUBLIC_ITEMS } from '../data.ts'
import { serve } from '../serve.ts'

/** AdonisJS with VineJS and transformers, started from one file instead of a project folder. */
declare module '@adonisjs/core/http' {
  interface HttpContext {
    trace: string
    user: string
    locale: string
  }
}

class ItemTransformer extends BaseTransformer<StoredItem> {
  toObject() {
    return this.pick(this.resource, [
      'id',
      'name',
      'description',
      'price',
      'quantity',
      'rating',
      'active',
      'category',
      'created_at',
      'dimensions',
    ])
  }
}

class ApiSerializer extends BaseSerializer {
  wrap: undefined
  definePaginationMetaData(): undefined {}
}

const searchQuery = vine.create({
  q: vine.string().minLength(1).maxLength(100),
  limit: vine.number().withoutDecimals().range([1, 100]).optional(),
  tags: vine.array(vine.string()),
  active: vine.boolean(),
})
const itemBody = vine.create({
  name: vine.string().minLength(1).maxLength(100),
  quantity: vine.number().withoutDecimals().min(0),
  price: vine.number(),
  active: vine.boolean(),
  category: vine.enum(['kitchen', 'garden', 'office']),
  tags: vine.array(vine.string()),
})

class Handler extends ExceptionHandler {
  protected override debug = false
}

type Next = () => Promise<void>
const use = [
  (ctx: HttpContext, next: Next) => {
    ctx.trace = 't-1'
    ctx.response.header('x-trace', ctx.trace)
    return next()
  },
  (ctx: HttpContext, next: Next) => {
    ctx.user = 'ada'
    ctx.response.header('x-user', ctx.user)
    return next()
  },
  (ctx: HttpContext, next: Next) => {
    ctx.locale = 'en'
    ctx.response.header('x-locale', ctx.locale)
    return next()
  },
]

async function routes(app: ApplicationService): Promise<void> {
  const router = await app.container.make('router')
  const server = await app.container.make('server')
  const serializer = new ApiSerializer()
  server.errorHandler(async () => ({ default: Handler }))
  router.use([() => import('@adonisjs/core/bodyparser_middleware')])

  router.get('/', () => ({ hello: 'world' }))
  router
    .get('/items/:id', ({ params, containerResolver }) =>
      serializer.serialize(ItemTransformer.transform(itemOf(params['id'])), containerResolver),
    )
    .where('id', router.matchers.number())
  router.get('/search', async ({ request }) => {
    const { q, limit = 20, tags, active } = await request.validateUsing(searchQuery)
    return { q, limit, tags, active }
  })
  router.post('/items', async ({ request, response }) => {
    const item = await request.validateUsing(itemBody)
    return response.created({ id: 1, ...item })
  })
  router.get('/list', ({ containerResolver }) =>
    serializer.serialize(ItemTransformer.transform(ITEMS), containerResolver),
  )
  router.get('/unchecked', () => PUBLIC_ITEMS)
  router.get('/mw', ({ trace, user, locale }) => ({ trace, user, locale })).use(use)
}

process.env['HOST'] = '127.0.0.1'
process.env['PORT'] = '0'
let listener: Server | undefined
await new Ignitor(new URL('./', import.meta.url))
  .tap((app) => {
    app.rcContents({
      providers: [
        () => import('@adonisjs/core/providers/app_provider'),
        () => import('@adonisjs/core/providers/vinejs_provider'),
      ],
    })
    app.useConfig({
      app: { appUrl: 'http://127.0.0.1', http: defineHttp({}) },
      bodyparser: defineBodyParser({}),
      encryption: defineEncryption({
        default: 'gcm',
        list: { gcm: drivers.aes256gcm({ id: 'gcm', keys: ['only-a-benchmark-needs-no-secret'] }) },
      }),
      logger: defineLogger({ default: 'app', loggers: { app: { enabled: false } } }),
    })
    app.starting(() => routes(app))
  })
  .httpServer()
  .start((handle) => (listener = createServer(handle)))
serve(listener?.address() ?? null)
