import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { suite, test } from 'node:test'
import {
  accepted,
  App,
  created,
  file,
  html,
  jsonList,
  noContent,
  redirect,
  reply,
  text,
} from 'dewar'
import { z } from 'dewar/schema'
import { testClient } from 'dewar/testing'

/** An app with one route, whose handler returns `value()`. */
function answering(value: () => unknown) {
  const app = new App('replies', { logger: false })
  app.get('/', value)
  return testClient(app)
}

suite('a handler may answer with', () => {
  test('an object, a list, a number: JSON', async () => {
    for (const value of [{ a: [1] }, [{ a: 1 }], [1, 200], 7, true, null]) {
      await using client = answering(() => value)
      const answer = await client.get('/')
      assert.equal(answer.headers['content-type'], 'application/json; charset=utf-8')
      assert.deepEqual(answer.json(), value)
    }
  })

  test('text, as text', async () => {
    await using client = answering(() => '<b>no page</b>')
    const answer = await client.get('/')
    assert.equal(answer.headers['content-type'], 'text/plain; charset=utf-8')
    assert.equal(answer.text, '<b>no page</b>')
  })

  test('nothing: 204', async () => {
    await using client = answering(() => undefined)
    const answer = await client.get('/')
    assert.equal(answer.status, 204)
    assert.equal(answer.text, '')
  })

  test('a body, a status and headers', async () => {
    await using client = answering(() => [{ id: 1 }, 201, { 'X-Custom-Info': 'Some value' }])
    const answer = await client.get('/')
    assert.equal(answer.status, 201)
    assert.equal(answer.headers['x-custom-info'], 'Some value')
    assert.deepEqual(answer.json(), { id: 1 })
  })

  test('the replies of the package', async () => {
    const replies = [
      [created({ id: 1 }, '/things/1'), 201, '/things/1'],
      [accepted({ job: 1 }, '/jobs/1'), 202, '/jobs/1'],
      [noContent(), 204, undefined],
      [redirect('/elsewhere'), 302, '/elsewhere'],
      [redirect('/moved', 308), 308, '/moved'],
      [html('<p>hi</p>'), 200, undefined],
      [text('hi', 418), 418, undefined],
      [reply(207, []), 207, undefined],
    ] as const
    for (const [value, status, location] of replies) {
      await using client = answering(() => value)
      const answer = await client.get('/')
      assert.equal(answer.status, status)
      assert.equal(answer.headers['location'], location)
    }
  })

  test('a web Response, with all its cookies', async () => {
    await using client = answering(() => {
      const headers = new Headers([
        ['set-cookie', 'a=1'],
        ['set-cookie', 'b=2'],
        ['content-type', 'text/csv'],
      ])
      return new Response('a;b', { status: 203, headers })
    })
    const answer = await client.get('/')
    assert.equal(answer.status, 203)
    assert.equal(answer.text, 'a;b')
    assert.equal(answer.headers['content-type'], 'text/csv')
    assert.deepEqual(answer.headers['set-cookie'], ['a=1', 'b=2'])
  })

  test('a stream of any kind', async () => {
    async function* generate() {
      yield 'one '
      yield new TextEncoder().encode('two')
    }
    for (const source of [generate, () => Readable.from(['one ', 'two'])]) {
      await using client = answering(source)
      assert.equal((await client.get('/')).text, 'one two')
    }
    await using client = answering(() => ReadableStream.from(generate()))
    assert.equal((await client.get('/')).text, 'one two')
  })

  test('a list of any length, each item through the output', async () => {
    async function* accounts(count: number) {
      for (let id = 1; id <= count; id++) yield { id, secret: 'x' }
    }
    const output = z.array(z.object({ id: z.int() }))
    for (const count of [0, 1, 20_000]) {
      const app = new App('accounts', { logger: false })
      app.get('/', { output }, () => jsonList(accounts(count), { 'x-count': count }))
      await using client = testClient(app)
      const answer = await client.get('/')
      assert.equal(answer.headers['content-type'], 'application/json; charset=utf-8')
      assert.equal(answer.headers['x-count'], `${count}`)
      const expected = Array.from({ length: count }, (_, i) => ({ id: i + 1 }))
      assert.deepEqual(answer.json(), expected)
    }
  })

  test('a list without a schema, and one where the output is none', async () => {
    async function* items() {
      yield { a: 1 }
    }
    await using client = answering(() => jsonList(items()))
    assert.deepEqual((await client.get('/')).json(), [{ a: 1 }])
    const app = new App('one', { logger: false })
    // @ts-expect-error -- the output is no list
    app.get('/', { output: z.object({ a: z.int() }) }, () => jsonList(items()))
    await using other = testClient(app, { raises: false })
    assert.equal((await other.get('/')).status, 500)
  })

  test('a file, or the part of it that was asked for', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'dewar-test-'))
    await writeFile(join(dir, 'notes.txt'), 'hello world')
    try {
      await using client = answering(() => file('notes.txt', { root: dir, download: 'n.txt' }))
      const whole = await client.get('/')
      assert.equal(whole.text, 'hello world')
      assert.match(String(whole.headers['content-type']), /^text\/plain/)
      assert.match(String(whole.headers['content-disposition']), /^attachment/)

      const part = await client.get('/', { headers: { range: 'bytes=6-' } })
      assert.equal(part.status, 206)
      assert.equal(part.text, 'world')

      const etag = String(whole.headers['etag'])
      const known = await client.get('/', { headers: { 'if-none-match': etag } })
      assert.equal(known.status, 304)
      assert.equal(known.text, '')
    } finally {
      await rm(dir, { recursive: true })
    }
  })
})

test('input in a header cannot start another one', async () => {
  await using client = answering(() => [
    {},
    200,
    { 'X-Name': 'a\r\nSet-Cookie: b=1', 'X-Sign': '→' },
  ])
  const answer = await client.get('/')
  assert.equal(answer.status, 200)
  assert.equal(answer.headers['x-name'], 'a  Set-Cookie: b=1')
  assert.equal(answer.headers['set-cookie'], undefined)
})

test('a redirect keeps its escapes and encodes what has no place in a URL', async () => {
  await using client = answering(() => redirect('/sök?q=a b%20c\r\nSet-Cookie: x=1'))
  const answer = await client.get('/')
  assert.equal(answer.headers['location'], '/s%C3%B6k?q=a%20b%20c%0D%0ASet-Cookie:%20x=1')
})

test('cookies are set with safe defaults, and kept by the test client', async () => {
  const app = new App('cookies', { logger: false })
  app.get('/in', (c) => c.setCookie('session', 'a b', { maxAge: 60 }))
  app.get('/out', (c) => c.deleteCookie('session'))
  app.get('/who', ({ request }) => request.cookies)
  await using client = testClient(app)

  const set = await client.get('/in')
  assert.match(String(set.headers['set-cookie']), /session=a%20b.*; HttpOnly; SameSite=Lax$/)
  assert.deepEqual((await client.get('/who')).json(), { session: 'a b' })
  await client.get('/out')
  assert.deepEqual((await client.get('/who')).json(), {})
})

test('HEAD answers like GET, without the body', async () => {
  await using client = answering(() => ({ hello: 'world' }))
  const answer = await client.head('/')
  assert.equal(answer.status, 200)
  assert.equal(answer.headers['content-length'], '17')
  assert.equal(answer.text, '')
})
