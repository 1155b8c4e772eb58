import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql, StatementCancelled } from 'dewar/db'
import { forEachDatabase } from '../../services/databases.ts'
import { freshBank } from './fixtures.ts'
import { db } from './fixtures.ts'

const SLEEPS = { sqlite: '', postgresql: 'select pg_sleep(20)', mariadb: 'select sleep(20)' }

await forEachDatabase((name, { url, skip }) => {
  suite(`a client that goes away, on ${name}`, { skip: skip ?? name === 'sqlite' }, () => {
    const run = () => sql.raw(SLEEPS[name]).execute(db.kysely)

    test('has the statement of its GET stopped', async () => {
      await using app = freshBank(url)
      const { promise: ended, resolve: tell } = Promise.withResolvers<unknown>()
      app.get('/', async () => {
        await run().then(tell, tell)
        return {}
      })
      const address = await app.listen({ port: 0 })
      const gone = new AbortController()
      const asked = fetch(address, { signal: gone.signal }).catch(() => {})
      await sleep(200)
      gone.abort()
      await asked
      const late = sleep(10_000, 'the statement goes on', { ref: false })
      assert.ok((await Promise.race([ended, late])) instanceof StatementCancelled)
    })

    test('leaves a POST to its work', async () => {
      await using app = freshBank(url)
      const { promise: ended, resolve: tell } = Promise.withResolvers<unknown>()
      app.post('/', async () => {
        await sleep(100)
        tell(await db.kysely.selectFrom('entries').selectAll().execute())
        return {}
      })
      const address = await app.listen({ port: 0 })
      const gone = new AbortController()
      const asked = fetch(address, { method: 'POST', signal: gone.signal }).catch(() => {})
      await sleep(30)
      gone.abort()
      await asked
      assert.deepEqual(await ended, [])
    })
  })
})
