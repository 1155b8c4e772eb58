import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { abort, currentScope } from 'dewar'
import { Deadlock, SerializationFailure, UniqueViolation } from 'dewar/db'
import { testClient } from 'dewar/testing'
import { forEachDatabase } from '../../services/databases.ts'
import { Account, type bank, db, Entry, freshBank, recorder } from './fixtures.ts'

const add = (token: string) => db.insert(Entry, { token })
const fail = (message = 'boom') => {
  throw new Error(message)
}

async function tokens(app: ReturnType<typeof bank>): Promise<string[]> {
  const rows = await app.withScope(() => db.find(Entry).orderBy('id'))
  return rows.map(({ token }) => token)
}

await forEachDatabase((name, { url, skip }) => {
  const open = (options?: Parameters<typeof bank>[1]) => freshBank(url, options)

  suite(`db.transaction within a unit of work, on ${name}`, { skip }, () => {
    test('is undone alone: its error can be caught, and the rest goes on', async () => {
      const app = open()
      app.post('/', async () => {
        await add('before')
        await assert.rejects(
          db.transaction(async () => {
            await add('undone')
            await db.insert(Account, { name: 'a' })
            await db.insert(Account, { name: 'a' })
          }),
          UniqueViolation,
        )
        await db.transaction(() => add('kept'))
        await add('after')
        return {}
      })
      await using client = testClient(app)
      assert.equal((await client.post('/')).status, 200)
      assert.deepEqual(await tokens(app), ['before', 'kept', 'after'])
    })

    test('nests as deep as wanted', async () => {
      await using app = open()
      await app.withScope(() =>
        db.transaction(async () => {
          await add('1')
          await db.transaction(async () => {
            await add('2')
            const inner = db.transaction(async () => {
              await add('3')
              await db.transaction(() => add('4'))
              fail()
            })
            await assert.rejects(inner, /boom/)
            await add('5')
          })
          await assert.rejects(
            db.transaction(() => add('6').then(() => fail())),
            /boom/,
          )
        }),
      )
      assert.deepEqual(await tokens(app), ['1', '2', '5'])
    })

    test('two at once take turns, and neither ends the other', async () => {
      await using app = open()
      await app.withScope(async () => {
        await add('first')
        const work = (who: string, ms: number, isFailing: boolean) =>
          db.transaction(async () => {
            await add(`${who}1`)
            await sleep(ms)
            await add(`${who}2`)
            if (isFailing) fail(who)
            return who
          })
        const outcomes = await Promise.allSettled([
          work('a', 10, false),
          work('b', 5, true),
          work('c', 1, false),
          add('beside'),
        ])
        assert.deepEqual(
          outcomes.map(({ status }) => status),
          ['fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
        )
      })
      assert.deepEqual(await tokens(app), ['first', 'a1', 'a2', 'c1', 'c2', 'beside'])
    })

    test('what is beside one that began the transaction is not undone with it', async () => {
      await using app = open()
      await app.withScope(async () => {
        const failing = db.transaction(async () => {
          await add('undone')
          await sleep(10)
          fail()
        })
        const seen = db.find(Entry).count()
        const beside = add('kept')
        await assert.rejects(failing, /boom/)
        assert.equal(await seen, 0)
        await beside
      })
      assert.deepEqual(await tokens(app), ['kept'])
    })

    test('that waits for what was started outside of it is an error, not a hang', async () => {
      await using app = open({ wait: '1s' })
      await app.withScope(async () => {
        await add('a')
        const { promise: goOn, resolve: letGo } = Promise.withResolvers<void>()
        const outside = goOn.then(() => add('b'))
        const stuck = db.transaction(async () => {
          letGo()
          await outside
        })
        await assert.rejects(stuck, /waited for 1000 ms for a db\.transaction\(\)/)
      })
      assert.deepEqual(await tokens(app), ['a'])
    })

    test('whose work goes on after its end writes no more', async () => {
      await using app = open()
      const { promise: goOn, resolve: letGo } = Promise.withResolvers<void>()
      await app.withScope(async () => {
        let late: Promise<unknown> | undefined
        await db.transaction(async () => {
          late = goOn.then(() => add('late'))
        })
        letGo()
        await assert.rejects(async () => late, /is over/)
      })
    })

    test('that is not awaited is waited for by the commit', async () => {
      const app = open()
      app.post('/', async () => {
        void db.transaction(async () => {
          await add('a')
          await sleep(5)
          await add('b')
        })
        return {}
      })
      await using client = testClient(app)
      assert.equal((await client.post('/')).status, 200)
      assert.deepEqual(await tokens(app), ['a', 'b'])
    })

    test('is undone with all else when the time of its request is up', async () => {
      const app = open()
      const { promise: ended, resolve: tell } = Promise.withResolvers<unknown>()
      app.post('/slow', { timeout: '30ms' }, async () => {
        await add('a')
        const inner = db.transaction(async () => {
          await add('b')
          await sleep(60)
          await add('c')
        })
        await inner.catch(tell)
        return {}
      })
      app.post('/', () => add('d'))
      await using client = testClient(app, { raises: false })
      assert.equal((await client.post('/slow')).status, 503)
      assert.equal((await client.post('/')).status, 200)
      assert.match(String(await ended), /over/)
      assert.deepEqual(await tokens(app), ['d'])
    })

    test('takes an isolation level only where it begins the transaction', async () => {
      await using app = open()
      await app.withScope(async () => {
        await db.transaction(() => add('a'), { isolation: 'serializable' })
        const nested = db.transaction(() => add('b'), { isolation: 'serializable' })
        await assert.rejects(nested, /isolation level.*one is open already/)
      })
      assert.deepEqual(await tokens(app), ['a'])
    })

    test('is done again after a deadlock, where it began the transaction', async () => {
      await using app = open()
      let tries = 0
      const unlucky = (times: number, error: Error) => async () => {
        await add(`try ${++tries}`)
        if (tries <= times) throw error
      }
      await app.withScope(() => db.transaction(unlucky(2, new Deadlock())))
      assert.deepEqual(await tokens(app), ['try 3'])
      tries = 0
      const often = app.withScope(() => db.transaction(unlucky(9, new SerializationFailure())))
      await assert.rejects(often, SerializationFailure)
      assert.equal(tries, 3)
      tries = 0
      const nested = app.withScope(() =>
        db.transaction(() => db.transaction(unlucky(1, new Deadlock())), { retries: 0 }),
      )
      await assert.rejects(nested, Deadlock)
      assert.equal(tries, 1)
    })

    const options = { skip: name === 'sqlite' }
    const parts = {
      alone: <T>(work: () => T) => work(),
      nested: <T>(work: () => Promise<T>) => db.transaction(work),
    }
    for (const [how, part] of Object.entries(parts)) {
      test(
        `two that wait for each other both get through, one at its second try, ${how}`,
        options,
        async () => {
          await using app = open()
          const [a, b] = await app.withScope(async () => [
            await db.insert(Account, { name: 'a' }),
            await db.insert(Account, { name: 'b' }),
          ])
          const { promise: met, resolve: meet } = Promise.withResolvers<void>()
          let tries = 0
          const move = (from: number, to: number) => () =>
            part(async () => {
              await db.get(Account, from, { lock: true })
              if (++tries === 2) meet()
              await met
              const { balance } = await db.getOr404(Account, to, undefined, { lock: true })
              await db.update(Account, to, { balance: balance + 1 })
            })
          const units = [move(a.id, b.id), move(b.id, a.id)]
          await Promise.all(units.map((work) => app.withScope(() => db.transaction(work))))
          assert.equal(tries, 3)
          const rows = await app.withScope(() => db.find(Account))
          assert.deepEqual(
            rows.map(({ balance }) => balance),
            [1, 1],
          )
        },
      )
    }
  })

  suite(`after the end of a unit of work, on ${name}`, { skip }, () => {
    test('hooks run in order when it is committed, not when it is undone', async () => {
      const app = open()
      const ran: string[] = []
      app.post('/<string:how>', async ({ params }) => {
        db.afterCommit(async () => {
          ran.push(`commit, ${await db.find(Entry).count()} there`)
          await add('by hook')
        })
        db.afterCommit(() => void ran.push('second'))
        db.afterRollback(() => void ran.push('rollback'))
        await add('a')
        if (params.how === 'bad') abort(400)
        return {}
      })
      await using client = testClient(app)
      await client.post('/bad')
      assert.deepEqual(ran, ['rollback'])
      ran.length = 0
      await client.post('/good')
      assert.deepEqual(ran, ['commit, 1 there', 'second'])
      assert.deepEqual(await tokens(app), ['a', 'by hook'])
    })

    test('hooks of a part that is undone are dropped; those for that case run at the end', async () => {
      await using app = open()
      const ran: string[] = []
      await app.withScope(async () => {
        await add('a')
        const part = db.transaction(() => {
          db.afterCommit(() => void ran.push('dropped'))
          db.afterRollback(() => void ran.push('undone'))
          fail()
        })
        await assert.rejects(part, /boom/)
        await db.transaction(() => db.afterCommit(() => void ran.push('kept')))
        db.afterRollback(() => void ran.push('never'))
        assert.deepEqual(ran, [])
      })
      assert.deepEqual(ran, ['kept', 'undone'])
    })

    test('hooks run in a scope of their own, in a GET too; what they throw is logged', async () => {
      const log = recorder()
      const { pino } = await import('pino')
      const app = open({ logger: pino({}, log.stream) })
      let scope: unknown
      app.get('/', () => {
        const own = currentScope()
        db.afterCommit(() => fail('too late'))
        db.afterCommit(() => {
          assert.notEqual(currentScope(), own)
          scope = currentScope().kind
        })
        return {}
      })
      await using client = testClient(app)
      assert.equal((await client.get('/')).status, 200)
      assert.equal(scope, 'request')
      assert.match(JSON.stringify(log.lines), /too late/)
    })

    test('a commit that fails runs those for a rollback', async () => {
      await using app = open()
      const ran: string[] = []
      await app.withScope(async () => {
        await db.createTables()
      })
      const work = app.withScope(async () => {
        await add('a')
        db.afterCommit(() => void ran.push('commit'))
        db.afterRollback(() => void ran.push('rollback'))
        fail()
      })
      await assert.rejects(work, /boom/)
      assert.deepEqual(ran, ['rollback'])
    })
  })
})
