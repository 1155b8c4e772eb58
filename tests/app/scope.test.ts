import assert from 'node:assert/strict'
import { once } from 'node:events'
import { suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  abort,
  App,
  currentPrincipal,
  currentScope,
  type Extension,
  middleware,
  ScopeLocal,
  stream,
  urlFor,
} from 'dewar'
import { z } from 'dewar/schema'
import { testClient } from 'dewar/testing'

/** An extension that enlists a unit of work, and writes down what becomes of it. */
function journal(log: string[], commit: () => void = () => {}): Extension<{ write(): void }> {
  return {
    name: 'journal',
    setup: () => ({
      write: () =>
        currentScope().enlist({
          commit: async () => {
            commit()
            log.push('commit')
          },
          rollback: async () => void log.push('rollback'),
        }),
    }),
  }
}

suite('a scope', () => {
  test('carries who acts to whatever the request calls, and never to another request', async () => {
    const signIn = middleware((c, next) => {
      c.principal = { id: c.request.header('x-user') ?? 'nobody' }
      return next()
    })
    const app = new App('principals', { logger: false, use: [signIn] })
    app.get('/', async () => {
      await sleep(Math.random() * 5)
      return { who: currentPrincipal()?.id }
    })
    await using client = testClient(app)
    const names = Array.from({ length: 20 }, (_, i) => `user-${i}`)
    const answers = await Promise.all(
      names.map((name) => client.get('/', { headers: { 'x-user': name } })),
    )
    assert.deepEqual(
      answers.map((answer) => answer.json().who),
      names,
    )
  })

  test('keeps what is its own, and shows it to no other', async () => {
    const seen = new ScopeLocal<{ count: number }>()
    const other = new ScopeLocal<string>()
    const app = new App('locals', { logger: false })
    app.get('/', async () => {
      const scope = currentScope()
      assert.equal(seen.get(scope), undefined)
      const own = { count: 1 }
      seen.set(scope, own)
      await sleep(1)
      assert.equal(seen.get(currentScope()), own)
      return { other: other.get(scope) ?? null }
    })
    await using client = testClient(app)
    const answers = await Promise.all(Array.from({ length: 5 }, () => client.get('/')))
    for (const answer of answers) assert.deepEqual(answer.json(), { other: null })
  })

  test('that is not there says how to open one', async () => {
    assert.throws(() => urlFor('x'), /app\.withScope/)
    const app = new App('scopes', { logger: false })
    app.get('/tasks/<int:id>', { name: 'task' }, () => ({}))
    assert.equal(await app.withScope(() => urlFor('task', { id: 4 })), '/tasks/4')
  })
})

suite('a unit of work', () => {
  function writing(log: string[], commit?: () => void) {
    const unit = journal(log, commit)
    const app = new App('work', { logger: false }).install(unit)
    const Out = z.object({ n: z.int() })
    app.post('/done', { output: Out }, (c) => {
      c.state(unit).write()
      return { n: 1 }
    })
    app.post('/refused', (c) => {
      c.state(unit).write()
      return [{ n: 1 }, 409]
    })
    app.post('/thrown', (c) => {
      c.state(unit).write()
      return abort(404)
    })
    app.post('/misfit', { output: Out }, (c) => {
      c.state(unit).write()
      return JSON.parse('{"n":"x"}') as { n: number }
    })
    return testClient(app, { raises: false })
  }

  test('is committed before the answer, whatever its status; undone when anything is thrown', async () => {
    const cases = [
      ['/done', 200, 'commit'],
      ['/refused', 409, 'commit'],
      ['/thrown', 404, 'rollback'],
      ['/misfit', 500, 'rollback'],
    ] as const
    for (const [path, status, end] of cases) {
      const log: string[] = []
      await using client = writing(log)
      assert.equal((await client.post(path)).status, status)
      assert.deepEqual(log, [end])
    }
  })

  test('that fails to commit is undone, and the answer says so', async () => {
    const log: string[] = []
    await using client = writing(log, () => abort(503, 'The disk is full.'))
    assert.equal((await client.post('/done')).status, 503)
    assert.deepEqual(log, ['rollback'])
  })

  test('cannot begin when its request is over', async () => {
    const log: string[] = []
    const unit = journal(log)
    const app = new App('late', { logger: false }).install(unit)
    const refusals: unknown[] = []
    app.post('/late', { timeout: '20ms' }, async (c) => {
      await sleep(40)
      assert.throws(
        () => c.state(unit).write(),
        (error: Error) => refusals.push(error.message) > 0,
      )
    })
    await using client = testClient(app)
    assert.equal((await client.post('/late')).status, 503)
    await sleep(60)
    assert.deepEqual(log, [])
    assert.match(String(refusals[0]), /request is over/)
  })

  test('of a command ends with it', async () => {
    const log: string[] = []
    const unit = journal(log)
    const app = new App('commands', { logger: false }).install(unit)
    await app.withScope(() => app.state(unit).write())
    await assert.rejects(
      app.withScope(() => {
        app.state(unit).write()
        throw new Error('no')
      }),
    )
    assert.deepEqual(log, ['commit', 'rollback'])
  })
})

suite('a time limit', () => {
  test('answers 503, aborts the signal, and leaves other routes alone', async () => {
    const reasons: unknown[] = []
    const app = new App('limits', { logger: false })
    app.get('/slow', { timeout: '20ms' }, async ({ signal }) => {
      await once(signal, 'abort')
      reasons.push(signal.reason)
      return {}
    })
    const reports: unknown[] = []
    app.get('/abandoned', { timeout: '20ms' }, async ({ signal }) => {
      await sleep(5000, undefined, { signal }).catch((error: unknown) => {
        reports.push(error)
        throw error
      })
    })
    app.get('/quick', { timeout: '5s' }, () => ({ ok: true }))
    await using client = testClient(app)
    const late = await client.get('/slow')
    assert.equal(late.status, 503)
    assert.equal(late.json().code, 'timeout')
    assert.equal(reasons.length, 1)
    assert.equal((await client.get('/abandoned')).status, 503)
    await sleep(10)
    assert.equal(reports.length, 1)
    assert.equal((await client.get('/quick')).status, 200)
  })
})

suite('a client that goes away', () => {
  test('aborts the signal of its request', async () => {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const app = new App('gone', { logger: false })
    app.get('/', async ({ signal }) => {
      await once(signal, 'abort')
      resolve(signal.aborted)
    })
    await using server = app
    const base = await server.listen({ port: 0 })
    const client = new AbortController()
    const request = fetch(base, { signal: client.signal }).catch(() => {})
    await sleep(50)
    client.abort()
    await request
    assert.equal(await promise, true)
  })

  test('ends the stream it was reading, which never ran far ahead of it', async () => {
    let made = 0
    const { promise, resolve } = Promise.withResolvers<void>()
    async function* endless() {
      try {
        for (;;) {
          made += 1
          yield Buffer.alloc(64 * 1024)
        }
      } finally {
        resolve()
      }
    }
    const app = new App('endless', { logger: false })
    app.get('/', () => stream(endless()))
    await using server = app
    const base = await server.listen({ port: 0 })
    const client = new AbortController()
    const response = await fetch(base, { signal: client.signal })
    await response.body?.getReader().read()
    // The kernel takes some, and on a busy machine a while for it.
    for (let ahead = 0, tries = 0; made !== ahead && tries < 20; tries++) {
      ahead = made
      await sleep(100)
    }
    const ahead = made
    await sleep(100)
    client.abort()
    assert.equal(made, ahead, 'nothing is made while nobody reads')
    await promise
  })
})
