import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { abort, App, Blueprint, middleware, type Outgoing, Unauthorized } from 'dewar'
import { z } from 'dewar/schema'
import { testClient } from 'dewar/testing'

function tracing(log: string[], name: string) {
  return middleware(async (_c, next) => {
    log.push(`${name} in`)
    const answer = await next()
    log.push(`${name} out`)
    return answer
  })
}

suite('middleware', () => {
  test('stands around validation and handler, from the app inwards', async () => {
    const log: string[] = []
    const outer = new Blueprint('outer', { use: [tracing(log, 'outer')] })
    const inner = new Blueprint('inner', { use: [tracing(log, 'inner')] })
    inner.get('/', { use: [tracing(log, 'route')] }, () => void log.push('handler'))
    const app = new App('order', { logger: false }).register(outer.register(inner))
    app.use(tracing(log, 'app'))

    await using client = testClient(app)
    await client.get('/')
    assert.deepEqual(log, [
      'app in',
      'outer in',
      'inner in',
      'route in',
      'handler',
      'route out',
      'inner out',
      'outer out',
      'app out',
    ])
  })

  test('adds to the context what it hands to next', async () => {
    const signedIn = middleware<{ user: { name: string } }>((_c, next) =>
      next({ user: { name: 'Ann' } }),
    )
    const timed = middleware<{ startedAt: number }>((_c, next) => next({ startedAt: 7 }))
    const blueprint = new Blueprint('me', { use: [signedIn] })
    blueprint.get('/me', { use: [timed] }, ({ user, startedAt }) => ({ ...user, startedAt }))

    await using client = testClient(new App('adds', { logger: false }).register(blueprint))
    assert.deepEqual((await client.get('/me')).json(), { name: 'Ann', startedAt: 7 })
  })

  test('answers before the body is read: a refusal beats a malformed body', async () => {
    const refusing = middleware(() => abort(404, 'No such list'))
    const app = new App('early', { logger: false })
    const contract = { json: z.object({ title: z.string() }), use: [refusing] }
    app.post('/lists/<int:id>', contract, () => ({}))

    await using client = testClient(app)
    const headers = { 'content-type': 'application/json' }
    const answer = await client.post('/lists/9', { body: '{"title', headers })
    assert.equal(answer.status, 404)
  })

  test('sees an error as an answer, and may change it', async () => {
    const seen: Outgoing[] = []
    const watching = middleware(async (_c, next) => {
      const answer = await next()
      seen.push(answer)
      return answer.withHeaders({ 'x-seen': 'yes' })
    })
    const app = new App('errors', { logger: false, use: [watching] })
    app.get('/', () => {
      throw new Unauthorized()
    })

    await using client = testClient(app)
    const answer = await client.get('/')
    assert.equal(answer.status, 401)
    assert.equal(answer.headers['x-seen'], 'yes')
    assert.equal(answer.headers['www-authenticate'], 'Bearer')
    assert.ok(seen[0]?.error instanceof Unauthorized)
  })

  test('of the app runs where no route answers, too', async () => {
    const marking = middleware((c, next) => {
      c.setHeader('x-app', 'marked')
      return next()
    })
    const app = new App('everywhere', { logger: false, use: [marking] })
    app.get('/there', () => ({}))

    await using client = testClient(app)
    for (const path of ['/there', '/nowhere']) {
      assert.equal((await client.get(path)).headers['x-app'], 'marked')
    }
    const refused = await client.delete('/there')
    assert.equal(refused.status, 405)
    assert.equal(refused.headers['x-app'], 'marked')
  })

  test('that returns nothing, or goes on twice, is told so', async () => {
    const forgetful = middleware((_c, next) => void next())
    const eager = middleware(async (_c, next) => {
      await next()
      return next()
    })
    const app = new App('mistakes', { logger: false })
    app.get('/forgetful', { use: [forgetful] }, () => ({}))
    app.get('/eager', { use: [eager] }, () => ({}))

    await using client = testClient(app)
    await assert.rejects(client.get('/forgetful'), /returned nothing/)
    await assert.rejects(client.get('/eager'), /called next\(\) twice/)
  })
})
