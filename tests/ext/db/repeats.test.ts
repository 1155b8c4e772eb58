import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { sql } from 'dewar/db'
import { testClient } from 'dewar/testing'
import { bank, db, Entry, recorder } from './fixtures.ts'

/** What is warned of when a request runs `work`. */
async function warnings(
  work: () => Promise<unknown>,
  profile: 'development' | 'testing' = 'development',
): Promise<Record<string, unknown>[]> {
  const log = recorder()
  const { pino } = await import('pino')
  const app = bank(undefined, { profile, logger: pino({}, log.stream) })
  app.get('/list', { name: 'list' }, async () => {
    await work()
    return {}
  })
  await using client = testClient(app)
  await client.get('/list')
  return log.lines.filter(({ msg }) => String(msg).includes('N+1'))
}

const times = async (count: number, work: (i: number) => Promise<unknown>) => {
  for (let i = 0; i < count; i++) await work(i)
}

suite('a statement that repeats in a request', () => {
  test('warns once, with the place, in development', async () => {
    const [warning, ...more] = await warnings(() => times(40, (i) => db.get(Entry, i)))
    assert.equal(more.length, 0)
    assert.equal(warning?.['route'], 'list')
    assert.match(String(warning?.['place']), /repeats\.test\.ts:30$/)
    assert.match(String(warning?.['sql']), /from "entries" where/)
    assert.ok(Number(warning?.['count']) > 10)
    assert.equal(warning?.['level'], 40)
  })

  test('also where the query is awaited itself, and for db.kysely', async () => {
    const found = await warnings(() => times(40, async (i) => db.find(Entry).where({ id: i })))
    assert.match(String(found[0]?.['place']), /repeats\.test\.ts:40$/)
    const awaited = await warnings(() =>
      times(40, async (i) => {
        await db.find(Entry).where({ id: i }).limit(1)
      }),
    )
    assert.match(String(awaited[0]?.['place']), /repeats\.test\.ts:44$/)
    const built = await warnings(() =>
      times(40, (i) => db.kysely.selectFrom('entries').selectAll().where('id', '=', i).execute()),
    )
    assert.equal(built.length, 1)
  })

  test('is no matter when it is seldom, at many places, a write, or in tests', async () => {
    assert.deepEqual(await warnings(() => times(10, (i) => db.get(Entry, i))), [])
    const get = (i: number) => db.get(Entry, i)
    const places = [
      (i: number) => get(i),
      async (i: number) => (await db.get(Entry, i)) ?? null,
      (i: number) => db.get(Entry, -i),
    ]
    assert.deepEqual(await warnings(() => times(12, (i) => places[i % 3]!(i))), [])
    assert.deepEqual(await warnings(() => times(40, (i) => db.get(Entry, i)), 'testing'), [])
    const alone = () => times(40, () => db.outside(() => sql`select 1`.execute(db.kysely)))
    assert.deepEqual(await warnings(alone), [])
  })
})
