import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { App, created } from 'dewar'
import {
  bigint,
  binary,
  database,
  databaseNow,
  datetime,
  decimal,
  id,
  json,
  model,
  newUuid,
  schemaOf,
  string,
  time,
  uuid,
} from 'dewar/db'
import { z } from 'dewar/schema'
import { testClient } from 'dewar/testing'

const Thing = model('things', {
  id: id(),
  code: uuid().default(newUuid),
  price: decimal(8, 2),
  big: bigint().nullable(),
  opens: time().nullable(),
  data: json(z.object({ tags: z.array(z.string()) })),
  picture: binary().nullable(),
  secret: string(20).writeOnly(),
  made_at: datetime().default(databaseNow).readOnly(),
})
const db = database([Thing])
const things = schemaOf(Thing)

function createClient() {
  const app = new App('things', { logger: false }).install(db, { url: 'sqlite::memory:' })
  app.onStart(() => db.createTables())
  app.post('/', { json: things.load, output: { 201: things.dump } }, async ({ json: values }) => {
    return created(await db.insert(Thing, values), '/')
  })
  return testClient(app)
}

const valid = { price: '1.5', data: { tags: ['a'] }, secret: 'hush' }

suite('column types over HTTP', () => {
  test('are read from JSON, kept, and written as JSON', async () => {
    await using client = createClient()
    const sent = {
      ...valid,
      price: '0012.50',
      code: 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11',
      big: '9223372036854775807',
      opens: '08:30',
      picture: 'AAEC/w==',
    }
    const answer = await client.post('/', { json: sent })
    assert.equal(answer.status, 201)
    assert.match(answer.text, /"big":9223372036854775807,/)
    const { made_at, big, ...rest } = answer.json()
    assert.ok(Math.abs(Date.parse(made_at) - Date.now()) < 60_000)
    assert.ok(big > 9e18)
    assert.deepEqual(rest, {
      id: 1,
      code: 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
      price: '12.50',
      opens: '08:30:00',
      data: { tags: ['a'] },
      picture: 'AAEC/w==',
    })
  })

  test('a default of the program and of the database, where nothing is said', async () => {
    await using client = createClient()
    const { code, big, picture } = (await client.post('/', { json: valid })).json()
    assert.match(code, /^[\da-f-]{36}$/)
    assert.deepEqual([big, picture], [null, null])
  })

  test('what does not fit is refused, with the field', async () => {
    await using client = createClient()
    const wrong: Readonly<Record<string, readonly unknown[]>> = {
      price: ['1.505', '1234567.00', 'x', '', '1e3', 12, null, '-'],
      big: ['9223372036854775808', 1.5, 'x'],
      opens: ['25:00', '8:30', '08:30:61', '08:30:00.1234'],
      code: ['x', 3],
      data: [{}, { tags: [1] }, 'x', { tags: ['a\0'] }, { tags: ['\ud800'] }],
      picture: ['no base64!', 3],
      secret: ['x'.repeat(21), 'a\0'],
    }
    for (const [name, values] of Object.entries(wrong)) {
      for (const value of values) {
        const answer = await client.post('/', { json: { ...valid, [name]: value } })
        assert.equal(answer.status, 422, `${name}: ${JSON.stringify(value)}: ${answer.text}`)
        assert.ok(answer.text.includes(`"${name}"`), answer.text)
      }
    }
  })
})
