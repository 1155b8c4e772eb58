import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { abort, currentScope, reply } from 'dewar'
import { DatabaseBusy, UniqueViolation } from 'dewar/db'
import { z } from 'dewar/schema'
import { testClient } from 'dewar/testing'
import { Account, bank, db, Entry, recorder } from './fixtures.ts'

const count = () => db.find(Entry).count()
const add = (token: string) => db.insert(Entry, { token })

suite('a request is a unit of work', () => {
  test('what is returned is kept, whatever its status; what is thrown is undone', async () => {
    const app = bank()
    app.post('/kept', async () => reply(409, await add('a')))
    app.post('/aborted', async () => {
      await add('b')
      abort(404)
    })
    app.post('/thrown', async () => {
      await add('b')
      throw new Error('boom')
    })
    app.post('/unfit', { output: z.object({ token: z.number() }) }, async (): Promise<never> => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the output must refuse it
      return (await add('b')) as never
    })
    await using client = testClient(app, { raises: false })
    const statuses = []
    for (const path of ['/kept', '/aborted', '/thrown', '/unfit']) {
      statuses.push((await client.post(path)).status)
    }
    assert.deepEqual(statuses, [409, 404, 500, 500])
    const rows = await app.withScope(() => db.find(Entry).all())
    assert.deepEqual(rows, [{ id: 1, token: 'a' }])
  })

  test('is committed before its answer is sent', async () => {
    const app = bank()
    app.post('/', () => add('a'))
    const seen: number[] = []
    app.fastify.addHook('onSend', async () => void seen.push(await app.withScope(count)))
    await using client = testClient(app)
    await client.post('/')
    assert.deepEqual(seen, [1])
  })

  test('reads its own writes; others do not see them before the commit', async () => {
    const app = bank()
    const { promise: written, resolve: tell } = Promise.withResolvers<void>()
    const { promise: goOn, resolve: letGo } = Promise.withResolvers<void>()
    app.post('/', async () => {
      await add('a')
      const own = await count()
      tell()
      await goOn
      return { own, kysely: (await db.kysely.selectFrom('entries').selectAll().execute()).length }
    })
    app.get('/', async () => ({ seen: await count() }))
    await using client = testClient(app)
    const post = client.post('/')
    await written
    assert.deepEqual((await client.get('/')).json(), { seen: 0 })
    letGo()
    assert.deepEqual((await post).json(), { own: 1, kysely: 1 })
    assert.deepEqual((await client.get('/')).json(), { seen: 1 })
  })

  test('8 writers that read with a lock and add one lose nothing beside 8 readers', async () => {
    await using app = bank()
    app.onStart(async () => void (await db.insert(Account, { name: 'a' })))
    app.post('/', async () => {
      const account = await db.getOr404(Account, 1, undefined, { lock: true })
      await sleep(Math.random() * 2)
      return db.update(Account, account, { balance: account.balance + 1 })
    })
    app.get('/', () => db.getOr404(Account, 1))
    const address = await app.listen({ port: 0 })
    const repeat = async (method: string) => {
      for (let i = 0; i < 20; i++) {
        const response = await fetch(address, { method })
        assert.equal(response.status, 200)
        await response.arrayBuffer()
      }
    }
    await Promise.all(Array.from({ length: 16 }, (_, i) => repeat(i % 2 === 0 ? 'POST' : 'GET')))
    const account = await app.withScope(() => db.get(Account, 1))
    assert.equal(account?.balance, 160)
  })

  test('a write in a GET or HEAD is an error that says what to do', async () => {
    const app = bank()
    app.get('/count', { name: 'count' }, () => add('a'))
    app.get('/outside', async () => {
      await db.outside(() => add('b'))
      return { count: await count() }
    })
    await using client = testClient(app)
    await assert.rejects(client.get('/count'), /GET request must not write \(count\).*db\.outside/)
    await assert.rejects(client.head('/count'), /HEAD request must not write/)
    assert.deepEqual((await client.get('/outside')).json(), { count: 1 })
  })

  test('that is over writes no more, and does not keep the lock', async () => {
    const app = bank(undefined, { wait: '100ms' })
    const { promise: late, resolve } = Promise.withResolvers<unknown>()
    app.post('/slow', { timeout: '30ms' }, async () => {
      await add('a')
      await sleep(60)
      await add('b').catch(resolve)
      return {}
    })
    app.post('/', () => add('c'))
    await using client = testClient(app, { raises: false })
    assert.equal((await client.post('/slow')).status, 503)
    assert.equal((await client.post('/')).status, 200)
    assert.match(String(await late), /over/)
    assert.deepEqual(
      (await app.withScope(() => db.find(Entry).all())).map(({ token }) => token),
      ['c'],
    )
  })

  test('whose time passes while it waits for the lock never takes it', async () => {
    const app = bank()
    app.post('/hold', async () => {
      await add('a')
      await sleep(120)
      return {}
    })
    app.post('/wait', { timeout: '30ms' }, () => add('b'))
    app.post('/', () => add('c'))
    await using client = testClient(app, { raises: false })
    const hold = client.post('/hold')
    await sleep(10)
    const [waited, after] = await Promise.all([client.post('/wait'), client.post('/')])
    assert.equal(waited.status, 503)
    assert.equal(after.status, 200)
    assert.equal((await hold).status, 200)
    assert.deepEqual(
      (await app.withScope(() => db.find(Entry).all())).map(({ token }) => token),
      ['a', 'c'],
    )
  })

  test('waits for the lock in the order of asking until a deadline, then is a 503', async () => {
    const log = recorder()
    const { pino } = await import('pino')
    const app = bank(undefined, { wait: '100ms', logger: pino({}, log.stream) })
    app.post('/hold', { name: 'hold' }, async () => {
      await add('a')
      await sleep(250)
      return {}
    })
    app.post('/', () => add('b'))
    await using client = testClient(app, { raises: false })
    const hold = client.post('/hold')
    await sleep(5)
    const refused = await client.post('/')
    assert.equal(refused.status, 503)
    assert.equal(refused.headers['retry-after'], '1')
    assert.equal(refused.json().code, 'database_busy')
    assert.equal((await hold).status, 200)
    const logged = JSON.stringify(log.lines)
    assert.match(logged, /held by hold/)
    const slow = log.lines.find(({ open_ms }) => open_ms !== undefined)
    assert.equal(slow?.['route'], 'hold')
    assert.ok(Number(slow?.['open_ms']) >= 250)
  })

  test('a write that is not awaited is in the transaction too', async () => {
    const app = bank()
    app.post('/', async () => {
      void add('a')
      return {}
    })
    await using client = testClient(app)
    await Promise.all([client.post('/'), client.post('/'), client.post('/')])
    assert.equal(await app.withScope(count), 3)
  })

  test('several writes at once share one transaction', async () => {
    await using app = bank()
    await app.withScope(async () => {
      await Promise.all(['a', 'b', 'c'].map(add))
      assert.equal(await count(), 3)
    })
    await assert.rejects(
      app.withScope(async () => {
        await Promise.all(['d', 'e'].map(add))
        throw new Error('boom')
      }),
      /boom/,
    )
    assert.equal(await app.withScope(count), 3)
  })
})

suite('db.transaction', () => {
  test('undoes what it did when it throws, and the request may go on', async () => {
    const app = bank()
    app.post('/', async () => {
      try {
        await db.transaction(async () => {
          await db.insert(Account, { name: 'a' })
          await db.insert(Account, { name: 'a' })
        })
      } catch (error) {
        assert.ok(error instanceof UniqueViolation)
        assert.deepEqual(error.columns, ['name'])
      }
      return db.insert(Account, { name: 'b' })
    })
    await using client = testClient(app)
    assert.equal((await client.post('/')).status, 200)
    const rows = await app.withScope(() => db.find(Account).all())
    assert.deepEqual(
      rows.map(({ name }) => name),
      ['b'],
    )
  })

  test('returns what its work returns, and is kept when the scope ends', async () => {
    await using app = bank()
    const row = await app.withScope(() => db.transaction(() => add('a')))
    assert.deepEqual(row, { id: 1, token: 'a' })
    assert.equal(await app.withScope(count), 1)
  })
})

suite('db.outside', () => {
  test('is kept though the request is undone: at once, or when its transaction has ended', async () => {
    const app = bank()
    app.post('/first', async () => {
      await db.outside(() => add('attempt'))
      assert.equal(await count(), 1)
      abort(401)
    })
    app.post('/then', async () => {
      await add('undone')
      await db.outside(async () => {
        assert.equal(currentScope().kind, 'request')
        await add('late')
      })
      assert.equal(await count(), 2)
      abort(401)
    })
    await using client = testClient(app)
    assert.equal((await client.post('/first')).status, 401)
    assert.equal((await client.post('/then')).status, 401)
    const rows = await app.withScope(() => db.find(Entry).all())
    assert.deepEqual(
      rows.map(({ token }) => token),
      ['attempt', 'late'],
    )
  })

  test('that fails when it is alone throws; later it is logged, and the answer stands', async () => {
    const log = recorder()
    const { pino } = await import('pino')
    const app = bank(undefined, { logger: pino({}, log.stream) })
    app.post('/', async () => {
      await assert.rejects(
        db.outside(() => Promise.reject(new Error('at once'))),
        /at once/,
      )
      await add('a')
      await db.outside(() => Promise.reject(new Error('too late')))
      return {}
    })
    await using client = testClient(app)
    assert.equal((await client.post('/')).status, 200)
    assert.match(JSON.stringify(log.lines), /too late/)
    assert.equal(await app.withScope(count), 1)
  })
})

suite('errors of the database', () => {
  test('that nobody caught are answers without SQL', async () => {
    const app = bank(undefined, { wait: '100ms' })
    app.post('/unique', async () => {
      await db.insert(Account, { name: 'a' })
      await db.insert(Account, { name: 'a' })
    })
    app.post('/check', () => db.insert(Account, { name: 'x'.repeat(21) }))
    app.post('/data', () => db.insert(Account, { name: '\0' }))
    app.post('/null', () =>
      db.kysely
        .insertInto('accounts')
        .values({ name: null as never, changed_at: new Date() })
        .execute()
        .then(() => ({})),
    )
    app.post('/busy', () => Promise.reject(new DatabaseBusy(1, undefined)))
    await using client = testClient(app, { raises: false })
    const answers = []
    for (const path of ['/unique', '/check', '/data', '/null', '/busy']) {
      const { status, text } = await client.post(path)
      assert.doesNotMatch(text, /insert|SQL|accounts/i)
      answers.push([status, JSON.parse(text).errors ?? JSON.parse(text).code])
    }
    assert.deepEqual(answers, [
      [409, 'already_exists'],
      [422, { data: { name: ['Invalid value.'] } }],
      [422, { data: { name: ['Not a valid string.'] } }],
      [422, { data: { name: ['Field may not be null.'] } }],
      [503, 'database_busy'],
    ])
  })

  test('of use say what to do: no scope, no app, a wrong URL', async () => {
    await assert.rejects(async () => db.get(Entry, 1), /app\.withScope/)
    assert.throws(() => bank('oracle://x/y'), /sqlite:.*postgresql:.*not "oracle:"/s)
    assert.throws(() => bank('constructor:x'), /not "constructor:"/)
    assert.throws(() => bank('instance/app.db'), /begins with its kind/)
    assert.throws(() => bank('sqlite:///'), /sqlite:\/\/\/instance/)
    assert.throws(() => bank('sqlite:///a.db?cache=shared'), /only parameter/)
    const app = bank()
    await app.withScope(count)
    await app.close()
    await assert.rejects(app.withScope(count), /was closed/)
  })
})

test('an app that answers 500 itself still answers a busy database as one', async () => {
  const app = bank()
  app.onError(500, () => ({ mine: true }))
  app.onError(409, (error) => ({ taken: error.message }))
  app.post('/busy', () => Promise.reject(new DatabaseBusy(1, undefined)))
  app.post('/twice', async () => {
    await db.insert(Account, { name: 'a' })
    await db.insert(Account, { name: 'a' })
  })
  await using client = testClient(app)
  const busy = await client.post('/busy')
  assert.equal(busy.status, 503)
  assert.equal(busy.headers['retry-after'], '1')
  assert.deepEqual((await client.post('/twice')).json(), {
    taken: 'There is one with this name already.',
  })
})
