import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { App, created, noContent, reply } from 'dewar'
import { DumpError, z } from 'dewar/schema'
import { testClient } from 'dewar/testing'

const User = z.object({ id: z.int(), name: z.string() })
const row = { id: 1, name: 'Ann', password_hash: 'secret' }

suite('an output', () => {
  test('lets nothing leave that it does not name', async () => {
    const app = new App('secrets', { logger: false })
    app.get('/one', { output: User }, () => row)
    app.get('/list', { output: z.array(User) }, () => [row])
    app.get('/nested', { output: z.object({ data: z.object({ user: User }) }) }, () => ({
      data: { user: row },
    }))
    app.post('/', { output: { 201: User } }, () => created(row))
    await using client = testClient(app)
    for (const path of ['/one', '/list', '/nested']) {
      assert.doesNotMatch((await client.get(path)).text, /password|secret/)
    }
    assert.deepEqual((await client.post('/')).json(), { id: 1, name: 'Ann' })
  })

  test('writes dates and what codecs encode', async () => {
    const cents = z.codec(z.string(), z.int(), {
      decode: (text) => Number(text) * 100,
      encode: (value) => (value / 100).toFixed(2),
    })
    const app = new App('codecs', { logger: false })
    app.get('/', { output: z.object({ at: z.date(), price: cents }) }, () => ({
      at: new Date(0),
      price: 1250,
    }))
    await using client = testClient(app)
    assert.deepEqual((await client.get('/')).json(), {
      at: '1970-01-01T00:00:00.000Z',
      price: '12.50',
    })
  })

  test('by status takes each answer to its schema', async () => {
    const app = new App('statuses', { logger: false })
    const output = { 200: User, 202: z.object({ job: z.int() }), 204: null }
    app.get('/<what>', { output }, ({ params: { what } }) => {
      if (what === 'later') return reply(202, { job: 7 })
      if (what === 'none') return noContent()
      return what === 'pair' ? [row, 200] : row
    })
    await using client = testClient(app)
    assert.deepEqual((await client.get('/plain')).json(), { id: 1, name: 'Ann' })
    assert.deepEqual((await client.get('/pair')).json(), { id: 1, name: 'Ann' })
    assert.equal((await client.get('/later')).status, 202)
    assert.equal((await client.get('/none')).status, 204)
  })

  test('that the value does not fit is a 500 with a precise log, loud in tests', async () => {
    const app = new App('misfit', { logger: false })
    const wrong: { id: number; name: string }[] = JSON.parse('[{"id":1,"name":null}]')
    app.get('/', { output: z.object({ data: z.array(User) }) }, () => ({ data: wrong }))
    const status: number = 203
    app.get('/undeclared', { output: User }, () => reply(status as 200, row))
    await using client = testClient(app)
    await assert.rejects(client.get('/'), (error: unknown) => {
      assert.ok(error instanceof DumpError)
      assert.match(error.message, /GET \/.*data\[0\]\.name.*string/)
      return true
    })
    await assert.rejects(client.get('/undeclared'), /answered 203; .* declares 200/)

    const quiet = testClient(app, { raises: false })
    const answer = await quiet.get('/')
    assert.equal(answer.status, 500)
    assert.doesNotMatch(answer.text, /name/)
  })

  test('that has no JSON form is refused at start-up, with the route', async () => {
    const app = new App('no-json', { logger: false })
    app.get('/upper', { output: z.string().transform((text) => text.length) }, () => 1)
    await assert.rejects(app.ready(), /GET \/upper.*codec/)
  })
})
