import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { App } from 'dewar'
import { testClient } from 'dewar/testing'

function shop() {
  const app = new App('shop', { logger: false })
  app.get('/cookies/<slug>', ({ params }) => ({ slug: params.slug }))
  app.get('/cookies/<int:id>', ({ params }) => ({ id: params.id }))
  app.get('/orders/', () => ({ orders: [] }))
  app.post('/orders/', () => ({ created: true }))
  app.get('/loose/', { strictSlashes: false }, () => ({ loose: true }))
  app.route(['GET', 'POST'], '/settings', ({ request }) => ({ method: request.method }))
  app.get('/pages', { defaults: { page: 1 } }, ({ params }) => params)
  app.get('/files/<path:name>', ({ params }) => params)
  return testClient(app)
}

suite('an app routes as Flask does', () => {
  test('an int and a slug stand at one place, whatever the order of declaration', async () => {
    await using client = shop()
    assert.deepEqual((await client.get('/cookies/2')).json(), { id: 2 })
    assert.deepEqual((await client.get('/cookies/oat-meal')).json(), { slug: 'oat-meal' })
  })

  test('a missing slash at the end is 308 with the query kept, one too many is 404', async () => {
    await using client = shop()
    const answer = await client.get('/orders?page=2&q=a%20b')
    assert.equal(answer.status, 308)
    assert.equal(answer.headers['location'], '/orders/?page=2&q=a%20b')
    assert.equal((await client.post('/orders', { json: {} })).status, 308)
    assert.equal((await client.delete('/orders')).status, 404)
    assert.equal((await client.get('/settings/')).status, 404)
    assert.deepEqual((await client.get('/loose')).json(), { loose: true })
  })

  test('a doubled slash leads to the single one, and never to another host', async () => {
    await using client = shop()
    const answer = await client.get('/cookies//2')
    assert.equal(answer.status, 308)
    assert.equal(answer.headers['location'], '/cookies/2')
    for (const path of ['//evil.example/orders', '/%2F/evil.example//orders']) {
      const { headers } = await client.get(path)
      assert.doesNotMatch(String(headers['location'] ?? ''), /^\/\/|^\/\\|evil\.example$/)
    }
  })

  test('methods: HEAD from GET, OPTIONS and 405 with what is allowed', async () => {
    await using client = shop()
    assert.equal((await client.head('/settings')).status, 200)
    const options = await client.options('/settings')
    assert.equal(options.status, 200)
    assert.equal(options.headers['allow'], 'GET, HEAD, OPTIONS, POST')
    assert.equal(options.text, '')
    for (const method of ['DELETE', 'PATCH', 'TRACE', 'PROPFIND']) {
      const refused = await client.request(method, '/settings')
      assert.equal(refused.status, 405, method)
      assert.equal(refused.headers['allow'], 'GET, HEAD, OPTIONS, POST')
    }
    assert.deepEqual((await client.post('/settings')).json(), { method: 'POST' })
  })

  test('paths are decoded once, whatever they hold', async () => {
    await using client = shop()
    const cases = [
      ['/cookies/caf%C3%A9', { slug: 'café' }],
      ['/cookies/a%20b', { slug: 'a b' }],
      ['/cookies/a+b', { slug: 'a+b' }],
      ['/cookies/100%', { slug: '100%' }],
      ['/cookies/%zz', { slug: '%zz' }],
      ['/cookies/%FF', { slug: '\uFFFD' }],
      ['/cookies/%252F', { slug: '%2F' }],
      ['/files/a%2Fb', { name: 'a/b' }],
      ['/pages', { page: 1 }],
    ] as const
    for (const [path, expected] of cases) {
      assert.deepEqual((await client.get(path)).json(), expected, path)
    }
    assert.equal((await client.get('/cookies/a%2Fb')).status, 404)
  })
})
