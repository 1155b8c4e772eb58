import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { App, bindArgs, Blueprint, defineConverter, type Extension } from 'dewar'
import { testClient } from 'dewar/testing'

suite('blueprints', () => {
  test('nest, with prefixes that may hold typed parameters', async () => {
    const shops = new Blueprint('shops', { prefix: '/shops/<int:shop_id>' })
    const orders = new Blueprint('orders', { prefix: '/orders' })
    shops.get('', ({ params }) => ({ shop: params.shop_id + 0 }))
    orders.get('/<int:order_id>', { name: 'show' }, ({ params }) => params)
    const app = new App('nested', { logger: false }).register(shops.register(orders), {
      prefix: '/api',
    })
    await using client = testClient(app)
    assert.deepEqual((await client.get('/api/shops/3')).json(), { shop: 3 })
    assert.deepEqual((await client.get('/api/shops/3/orders/9')).json(), {
      shop_id: 3,
      order_id: 9,
    })
    assert.equal(
      app.urlFor('shops.orders.show', { shop_id: 3, order_id: 9 }),
      '/api/shops/3/orders/9',
    )
  })

  test('stand side by side as two versions', async () => {
    const v1 = new Blueprint('v1', { prefix: '/api/v1' })
    const v2 = new Blueprint('v2', { prefix: '/api/v2' })
    v1.get('/orders', { name: 'orders' }, () => [{ id: 1 }])
    v2.get('/orders', { name: 'orders' }, () => ({ orders: [{ id: 1 }] }))
    const app = new App('versions', { logger: false }).register(v1).register(v2)
    await using client = testClient(app)
    assert.deepEqual((await client.get(app.urlFor('v1.orders'))).json(), [{ id: 1 }])
    assert.deepEqual((await client.get(app.urlFor('v2.orders'))).json(), { orders: [{ id: 1 }] })
  })

  test('may be mounted twice: urlFor stays where the request is', async () => {
    const shop = new Blueprint('shop')
    const item = shop.get('/items/<int:id>', { name: 'item' }, () => ({}))
    shop.get('/', ({ urlFor }) => ({ item: urlFor(item, { id: 1 }) }))
    const app = new App('mounts', { logger: false })
      .register(shop, { prefix: '/en', name: 'en' })
      .register(shop, { prefix: '/de', name: 'de', defaults: { language: 'de' } })
    await using client = testClient(app)
    assert.deepEqual((await client.get('/de/')).json(), { item: '/de/items/1' })
    assert.deepEqual((await client.get('/en/')).json(), { item: '/en/items/1' })
    assert.equal(app.urlFor(item, { id: 2 }), '/en/items/2')
    assert.equal(app.urlFor('de.item', { id: 2 }), '/de/items/2')
  })

  test('answer for their host alone', async () => {
    const tenants = new Blueprint('tenants')
    tenants.get('/', ({ params }) => params)
    const app = new App('hosts', { logger: false }).register(tenants, {
      host: '<tenant>.example.com',
    })
    app.get('/', () => ({ anyone: true }))
    await using client = testClient(app)
    const ann = await client.get('/', { headers: { host: 'Ann.example.com:8080' } })
    assert.deepEqual(ann.json(), { tenant: 'ann' })
    assert.deepEqual((await client.get('/')).json(), { anyone: true })
  })

  test('cannot be registered inside themselves', async () => {
    const loop = new Blueprint('loop')
    loop.register(loop)
    await assert.rejects(new App('loop', { logger: false }).register(loop).ready(), /inside itself/)
  })
})

suite('mistakes found at start-up', () => {
  const refuse = async (declare: (app: App) => unknown, message: RegExp) => {
    const app = new App('mistakes', { logger: false })
    await assert.rejects(async () => {
      declare(app)
      await app.ready()
    }, message)
  }

  test('two routes that cannot be told apart', () =>
    refuse((app) => {
      app.get('/tasks/<int:id>', { name: 'one' }, () => ({}))
      app.get('/tasks/<int:task_id>', { name: 'two' }, () => ({}))
    }, /one.*two|two.*one/s))

  test('a converter that nobody knows', () =>
    refuse((app) => app.get('/tasks/<integer:id>', () => ({})), /\/tasks\/<integer:id>.*"integer"/))

  test('two routes with one name', () =>
    refuse((app) => {
      app.get('/a', { name: 'same' }, () => ({}))
      app.get('/b', { name: 'same' }, () => ({}))
    }, /"same": \/a and \/b/))

  test('a method that HTTP does not know', () =>
    refuse((app) => app.route(['FETCH'], '/', () => ({})), /"FETCH"/))

  test('an extension installed twice, or never', async () => {
    const extension: Extension<number> = { name: 'counter', setup: () => 1 }
    await refuse((app) => app.install(extension).install(extension), /"counter" already/)
    await refuse((app) => app.state(extension), /did not install "counter"/)
  })

  test('debug mode in production', () => {
    assert.throws(() => new App('live', { debug: true, profile: 'production' }), /production/)
  })
})

test('converters of a blueprint are typed and used in its paths', async () => {
  const month = defineConverter({
    pattern: String.raw`\d{4}-\d{2}`,
    parse: (text) => ({ year: Number(text.slice(0, 4)), month: Number(text.slice(5)) }),
    format: ({ year, month: m }) => `${year}-${String(m).padStart(2, '0')}`,
  })
  const reports = new Blueprint('reports', { converters: { month } })
  const show = reports.get('/reports/<month:when>', ({ params }) => ({ year: params.when.year }))
  const app = new App('own', { logger: false }).register(reports)
  await using client = testClient(app)
  assert.deepEqual((await client.get('/reports/2026-11')).json(), { year: 2026 })
  assert.equal((await client.get('/reports/soon')).status, 404)
  assert.equal(app.urlFor(show, { when: { year: 2027, month: 3 } }), '/reports/2027-03')
})

test('a converter may take arguments', async () => {
  const even = defineConverter((args) => {
    const max = Number(bindArgs(args, ['max']).get('max') ?? Infinity)
    return {
      pattern: String.raw`\d+`,
      parse: (digits) =>
        Number(digits) % 2 === 0 && Number(digits) <= max ? Number(digits) : undefined,
      format: String,
    }
  })
  const app = new App('even', { logger: false, converters: { even } })
  app.get('/<even(max=8):n>', ({ params }) => ({ n: params.n }))
  await using client = testClient(app)
  assert.deepEqual((await client.get('/8')).json(), { n: 8 })
  for (const path of ['/7', '/10']) assert.equal((await client.get(path)).status, 404)
})

suite('urlFor', () => {
  const app = new App('urls', {
    logger: false,
    baseURL: 'https://api.example.com/',
    trustProxy: true,
  })
  const task = app.get('/tasks/<int:task_id>', { name: 'task' }, ({ urlFor, params }) => ({
    here: urlFor('task', params, { absolute: true }),
  }))

  test('takes query and anchor, and knows the base outside of a request', () => {
    assert.equal(
      app.urlFor(task, { task_id: 4 }, { query: { q: 'a b', tag: ['x', 'y'] }, anchor: 'top' }),
      '/tasks/4?q=a+b&tag=x&tag=y#top',
    )
    assert.equal(
      app.urlFor('task', { task_id: 4 }, { absolute: true }),
      'https://api.example.com/tasks/4',
    )
  })

  test('is right behind a trusted proxy', async () => {
    await using client = testClient(app)
    const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'shop.example' }
    assert.deepEqual((await client.get('/tasks/4', { headers })).json(), {
      here: 'https://shop.example/tasks/4',
    })
  })

  test('refuses what it cannot build', () => {
    assert.throws(() => app.urlFor('tusk'), /no route is called "tusk".*task/)
    assert.throws(() => app.urlFor('task'), /"task_id".*missing/)
    assert.throws(() => app.urlFor('task', { task_id: 'x' }), TypeError)
    assert.throws(() => app.urlFor('task', { task_id: 1, more: 2 }), /"more"/)
  })
})

test('two apps in one process share nothing', async () => {
  const counter: Extension<{ hits: number }> = { name: 'counter', setup: () => ({ hits: 0 }) }
  const make = () => {
    const app = new App('counting', { logger: false }).install(counter)
    app.get('/', (c) => ({ hits: (c.state(counter).hits += 1) }))
    return testClient(app)
  }
  await using a = make()
  await using b = make()
  await a.get('/')
  assert.deepEqual((await b.get('/')).json(), { hits: 1 })
})

test('Fastify plugins work beside the routes of the app', async () => {
  const app = new App('plugins', { logger: false })
  app.fastify.get('/fastify/:name', async (request) => request.params)
  app.fastify.post('/fastify', async (request) => request.body)
  app.fastify.addHook('onSend', async (_request, reply) => void reply.header('x-hook', 'ran'))
  app.get('/ours', () => ({ ok: true }))
  await using client = testClient(app)
  assert.deepEqual((await client.get('/fastify/ann')).json(), { name: 'ann' })
  assert.deepEqual((await client.post('/fastify', { json: { a: 1 } })).json(), { a: 1 })
  assert.equal((await client.get('/ours')).headers['x-hook'], 'ran')
})
