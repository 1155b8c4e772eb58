import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { testClient } from 'dewar/testing'
import { createApp } from './app.ts'
import { readConfig } from './config.ts'

const KEY = 'a key for tests'

function createClient(apiKey = KEY) {
  const config = readConfig({ profile: 'testing', env: {}, overrides: { apiKey } })
  return testClient(createApp(config, { logger: false }))
}

suite('orders', () => {
  test('are for those who have the key, in the header or the query', async () => {
    await using client = createClient()
    const answers = [
      await client.get('/api/v1/orders', { headers: { 'x-api-key': KEY } }),
      await client.get('/api/v1/orders', { query: { key: KEY } }),
      await client.get('/api/v1/orders', {
        headers: { 'x-api-key': 'wrong' },
        query: { key: KEY },
      }),
      await client.get('/api/v1/orders'),
    ]
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 401, 401],
    )
    assert.equal(answers[0]?.json().length, 25)
  })

  test('are for nobody where no key is set', async () => {
    await using client = createClient('')
    assert.equal((await client.get('/api/v1/orders', { query: { key: '' } })).status, 401)
  })

  test('come in pages', async () => {
    await using client = createClient()
    const query = { key: KEY, page: 3, per_page: 10 }
    const page = await client.get('/api/v1/orders', { query })
    assert.deepEqual([page.headers['x-total-count'], page.headers['x-total-pages']], ['25', '3'])
    assert.equal(page.json().length, 5)
    const beyond = await client.get('/api/v1/orders', { query: { ...query, page: 4 } })
    assert.equal(beyond.status, 404)
  })
})

suite('cookies', () => {
  test('get a slug from their name, which no other may have', async () => {
    await using client = createClient()
    const json = { name: 'Café  Mocha!', price: 0.1 }
    const answer = await client.post('/cookies', { json })
    assert.deepEqual(answer.json(), { id: 4, name: json.name, slug: 'caf-mocha', price: 0.1 })
    assert.equal(answer.headers['location'], '/cookies/4')
    assert.deepEqual((await client.get('/cookies/caf-mocha')).json(), answer.json())
    assert.equal((await client.post('/cookies', { json })).status, 409)
    const nameless = await client.post('/cookies', { json: { name: '!' } })
    assert.deepEqual(
      [nameless.status, nameless.json()],
      [400, { error: "The name makes no slug; send 'slug' too" }],
    )
  })

  test('that were ordered stay', async () => {
    await using client = createClient()
    assert.equal((await client.delete('/cookies/1')).status, 409)
    assert.equal((await client.get('/cookies/1')).status, 200)
  })

  test('have no price that cannot be paid', async () => {
    await using client = createClient()
    for (const price of [-1, 1e9, 'x', true]) {
      assert.equal((await client.patch('/cookies/1', { json: { price } })).status, 400)
    }
  })
})
