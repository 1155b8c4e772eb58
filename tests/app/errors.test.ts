import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { suite, test } from 'node:test'
import {
  abort,
  App,
  Blueprint,
  Conflict,
  HTTPError,
  InvalidInput,
  MethodNotAllowed,
  NotFound,
  TooManyRequests,
  Unauthorized,
} from 'dewar'
import { z } from 'dewar/schema'
import { testClient } from 'dewar/testing'
import { pino } from 'pino'

function throwing(error: unknown, options = {}) {
  const app = new App('errors', { logger: false, ...options })
  app.get('/', () => {
    throw error
  })
  return testClient(app, { raises: false })
}

suite('by default errors are problem details', () => {
  test('with title, status, detail and code', async () => {
    await using client = throwing(new NotFound('Task 9 not found', { code: 'task_not_found' }))
    const answer = await client.get('/')
    assert.equal(answer.status, 404)
    assert.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8')
    assert.deepEqual(answer.json(), {
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: 'Task 9 not found',
      code: 'task_not_found',
    })
  })

  test('with the headers that their status asks for', async () => {
    const headers = [
      [new Unauthorized(), 'www-authenticate', 'Bearer'],
      [new TooManyRequests(7), 'retry-after', '7'],
      [new MethodNotAllowed(['GET', 'HEAD']), 'allow', 'GET, HEAD'],
    ] as const
    for (const [error, name, value] of headers) {
      await using client = throwing(error)
      assert.equal((await client.get('/')).headers[name], value)
    }
  })

  test('and abort is the same as throwing', async () => {
    const statuses = [400, 401, 403, 404, 409, 410, 413, 415, 418, 451, 501, 503]
    for (const status of statuses) {
      const app = new App('abort', { logger: false })
      app.get('/', () => abort(status, 'because'))
      await using client = testClient(app, { raises: false })
      const answer = await client.get('/')
      assert.equal(answer.status, status)
      assert.equal(answer.json().detail, 'because')
    }
    assert.throws(() => abort(200), RangeError)
    assert.throws(() => abort(409), Conflict)
  })
})

suite('an error that nobody expected', () => {
  test('is a 500 without detail, and is logged with request id and cause', async () => {
    const lines: Record<string, unknown>[] = []
    const stream = new Writable({
      write(chunk, _encoding, done) {
        lines.push(JSON.parse(String(chunk)))
        done()
      },
    })
    const cause = new Error('connection refused')
    const error = new Error('secret table users', { cause })
    await using client = throwing(error, { logger: pino({}, stream) })

    const answer = await client.get('/')
    assert.equal(answer.status, 500)
    assert.doesNotMatch(answer.text, /secret|refused|at /)
    const [line] = lines
    assert.equal(line?.['request_id'], answer.json().request_id)
    assert.match(JSON.stringify(line), /secret table users.*connection refused/)
  })

  test('is given to the test, unless it asks for the answer', async () => {
    const app = new App('loud', { logger: false })
    app.get('/', () => {
      throw new RangeError('off by one')
    })
    await using client = testClient(app)
    await assert.rejects(client.get('/'), new RangeError('off by one'))
  })

  test('may be anything that can be thrown', async () => {
    for (const thrown of ['text', null, undefined, 7, { status: 404 }]) {
      await using client = throwing(thrown)
      assert.equal((await client.get('/')).status, 500)
    }
  })
})

suite('an error handler', () => {
  test('answers a status or a class; the nearest wins', async () => {
    const outer = new Blueprint('outer', { prefix: '/outer' })
    const inner = new Blueprint('inner', { prefix: '/inner' })
    const app = new App('handlers', { logger: false })
    app.onError(404, (error) => ({ app: error.message }))
    outer.onError(404, (error) => ({ outer: error.message }))
    inner.onError(Conflict, (error) => [{ inner: error.message }, 418])
    for (const { get } of [app, outer, inner] as App[]) {
      get('/missing', () => abort(404, 'gone'))
      get('/conflict', () => abort(409, 'twice'))
    }
    app.register(outer.register(inner))

    await using client = testClient(app)
    assert.deepEqual((await client.get('/missing')).json(), { app: 'gone' })
    assert.deepEqual((await client.get('/outer/missing')).json(), { outer: 'gone' })
    assert.deepEqual((await client.get('/outer/inner/missing')).json(), { outer: 'gone' })
    const conflict = await client.get('/outer/inner/conflict')
    assert.equal(conflict.status, 418)
    assert.deepEqual(conflict.json(), { inner: 'twice' })
    assert.equal((await client.get('/outer/conflict')).json().detail, 'twice')
  })

  test('for a class answers its subclasses, unless they have their own', async () => {
    class ShopError extends Error {}
    class SoldOut extends ShopError {}
    const app = new App('classes', { logger: false })
    app.onError(ShopError, (error) => [{ shop: error.message }, 400])
    app.onError(SoldOut, (error) => [{ soldOut: error.message }, 409])
    app.get('/<name>', ({ params: { name } }) => {
      throw name === 'sold' ? new SoldOut(name) : new ShopError(name)
    })

    await using client = testClient(app)
    assert.deepEqual((await client.get('/sold')).json(), { soldOut: 'sold' })
    assert.deepEqual((await client.get('/other')).json(), { shop: 'other' })
  })

  test('of a blueprint for the whole app answers unknown addresses', async () => {
    const errors = new Blueprint('errors').onAppError(404, () => ({ error: 'nothing here' }))
    const app = new App('wide', { logger: false }).register(errors)

    await using client = testClient(app)
    const answer = await client.get('/nope')
    assert.equal(answer.status, 404)
    assert.deepEqual(answer.json(), { error: 'nothing here' })
  })

  test('for 500 gets an error without detail, whose cause is what was thrown', async () => {
    const app = new App('last', { logger: false })
    app.onError(500, (error) => ({ message: error.message, cause: String(error.cause) }))
    app.get('/', () => {
      throw new Error('boom')
    })
    await using client = testClient(app, { raises: false })
    const { message, cause } = (await client.get('/')).json()
    assert.equal(message, 'An internal server error occurred.')
    assert.equal(cause, 'Error: boom')
  })

  test('that throws is answered like any error', async () => {
    const app = new App('broken', { logger: false })
    app.onError(404, () => abort(410, 'for good'))
    app.onError(409, () => {
      throw new Error('broken handler')
    })
    app.get('/conflict', () => abort(409))
    await using client = testClient(app, { raises: false })
    assert.equal((await client.get('/nope')).status, 410)
    assert.equal((await client.get('/conflict')).status, 500)
  })

  test('may stand only once for a target', () => {
    const app = new App('twice', { logger: false }).onError(404, () => ({}))
    assert.throws(() => app.onError(404, () => ({})), TypeError)
  })
})

suite('the form of errors', () => {
  test('is decided in one place, status included', async () => {
    const formatError = (error: HTTPError) => {
      const details = error instanceof InvalidInput ? error.errors : undefined
      const body = { status: 'error', error: { message: error.message, details } }
      return [body, error.status === 422 ? 400 : error.status]
    }
    const app = new App('envelope', { logger: false, formatError })
    app.get('/', { query: z.object({ n: z.int() }) }, () => ({}))

    await using client = testClient(app)
    const invalid = await client.get('/?n=x')
    assert.equal(invalid.status, 400)
    assert.deepEqual(invalid.json(), {
      status: 'error',
      error: {
        message: 'Input validation failed',
        details: { query: { n: ['Not a valid integer.'] } },
      },
    })
    assert.equal((await client.get('/nope')).json().status, 'error')
    assert.equal((await client.post('/')).status, 405)
  })

  test('that fails itself still gives an answer', async () => {
    const formatError = () => {
      throw new Error('broken form')
    }
    await using client = throwing(new NotFound(), { formatError })
    const answer = await client.get('/')
    assert.equal(answer.status, 500)
    assert.equal(answer.text, 'An internal server error occurred.')
  })
})
