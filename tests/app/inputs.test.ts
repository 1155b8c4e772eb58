import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { suite, test } from 'node:test'
import { App, uploadedFile } from 'dewar'
import { excludeUnknown, z } from 'dewar/schema'
import { testClient } from 'dewar/testing'

const Task = z.object({ title: z.string().min(1), priority: z.int().default(3) })

test('every place is converted, checked and typed', async () => {
  const app = new App('places', { logger: false })
  app.post(
    '/<int:list_id>',
    {
      query: z.object({ limit: z.int(), tag: z.array(z.string()), since: z.date().optional() }),
      headers: z.object({ 'X-Retry': z.int() }),
      cookies: z.object({ theme: z.enum(['light', 'dark']) }),
      json: Task,
    },
    ({ params, query, headers, cookies, json }) => ({ params, query, headers, cookies, json }),
  )
  await using client = testClient(app)
  const answer = await client.post('/7?limit=5&tag=a&tag=b&unknown=1', {
    headers: { 'x-retry': '2' },
    cookies: { theme: 'dark', other: 'x' },
    json: { title: 'Write' },
  })
  assert.deepEqual(answer.json(), {
    params: { list_id: 7 },
    query: { limit: 5, tag: ['a', 'b'] },
    headers: { 'X-Retry': 2 },
    cookies: { theme: 'dark' },
    json: { title: 'Write', priority: 3 },
  })
})

test('all that is wrong is said at once, in every place', async () => {
  const app = new App('wrong', { logger: false })
  const lines = z.array(z.object({ count: z.int() }))
  app.post('/', { query: z.object({ page: z.int() }), json: Task.extend({ lines }) }, () => ({}))
  await using client = testClient(app)
  const answer = await client.post('/?page=x', {
    json: { priority: null, lines: [{ count: 1 }, { count: 'two' }], extra: 1 },
  })
  assert.equal(answer.status, 422)
  assert.deepEqual(answer.json().errors, {
    query: { page: ['Not a valid integer.'] },
    json: {
      title: ['Missing data for required field.'],
      priority: ['Field may not be null.'],
      lines: { 1: { count: ['Not a valid integer.'] } },
      extra: ['Unknown field.'],
    },
  })
})

suite('a JSON body', () => {
  const app = () => {
    const made = new App('json', { logger: false, limits: { maxBodyBytes: 100 } })
    made.post('/', { json: Task }, ({ json }) => json)
    made.post('/lenient', { json: excludeUnknown(Task) }, ({ json }) => json)
    made.post('/optional', { json: Task.optional() }, ({ json }) => ({ json: json ?? 'none' }))
    const absent = Task.default({ title: 'none', priority: 1 })
    made.post('/defaulted', { json: absent }, ({ json }) => json)
    made.post('/large', { json: Task, maxBodyBytes: 1000 }, ({ json }) => json)
    return made
  }
  const typed = { 'content-type': 'application/json' }

  test('that cannot be read is 400, one of another type 415, one too large 413', async () => {
    await using client = testClient(app())
    const long = JSON.stringify({ title: 'x'.repeat(200) })
    const cases = [
      [{ body: '{"title"', headers: typed }, 400],
      [{ body: '', headers: typed }, 400],
      [{ body: Buffer.from([0x22, 0xff, 0x22]), headers: typed }, 400],
      [{ body: '{"title":"x"}', headers: { 'content-type': 'text/plain' } }, 415],
      [{ body: '{"title":"x"}' }, 415],
      [{ form: { title: 'x' } }, 415],
      [{ body: long, headers: typed }, 413],
      [{ json: 'text' }, 422],
      [{ json: [] }, 422],
      [{ json: null }, 422],
      [{ body: '{"title":"x"}', headers: { 'content-type': 'application/vnd.api+json' } }, 200],
      [{ body: '{"title":"x"}', headers: { 'content-type': ';;;' } }, 415],
    ] as const
    for (const [options, status] of cases) {
      assert.equal((await client.post('/', options)).status, status, JSON.stringify(options))
    }
    assert.equal((await client.post('/large', { body: long, headers: typed })).status, 200)
  })

  test('may drop what it does not know, where its schema says so', async () => {
    await using client = testClient(app())
    const json = { title: 'x', extra: 1 }
    assert.equal((await client.post('/', { json })).status, 422)
    assert.deepEqual((await client.post('/lenient', { json })).json(), { title: 'x', priority: 3 })
  })

  test('may be left out, where its schema says so', async () => {
    await using client = testClient(app())
    assert.deepEqual((await client.post('/optional')).json(), { json: 'none' })
    assert.equal((await client.post('/defaulted')).json().title, 'none')
    assert.equal((await client.post('/')).status, 415)
    assert.equal((await client.post('/optional', { body: 'x' })).status, 415)
  })

  test('is handed over raw where a signature needs it, and checked all the same', async () => {
    const hooks = new App('hooks', { logger: false })
    hooks.post('/', { json: Task }, async ({ request, json }) => ({
      raw: (await request.bytes()).toString(),
      json,
    }))
    await using client = testClient(hooks)
    const body = ' {"title":  "x"}'
    const answer = await client.post('/', { body, headers: typed })
    assert.deepEqual(answer.json(), { raw: body, json: { title: 'x', priority: 3 } })
  })
})

suite('a form', () => {
  test('is read from urlencoded and multipart bodies alike', async () => {
    const app = new App('forms', { logger: false })
    app.post('/', { form: z.object({ text: z.string(), n: z.int() }) }, ({ form }) => form)
    await using client = testClient(app)
    const form = { text: 'été', n: '7' }
    const expected = { text: 'été', n: 7 }
    assert.deepEqual((await client.post('/', { form })).json(), expected)
    assert.deepEqual((await client.post('/', { form, files: {} })).json(), expected)
    assert.equal((await client.post('/', { json: form })).status, 415)
    assert.equal((await client.post('/', { form: { ...form, more: '' } })).status, 422)
  })

  test('may bring files, which are gone when the request is over', async () => {
    const paths: string[] = []
    const app = new App('uploads', { logger: false })
    app.post(
      '/',
      { form: z.object({ title: z.string() }), files: z.object({ avatar: uploadedFile() }) },
      async ({ form, files: { avatar } }) => {
        paths.push(avatar.path)
        assert.ok(existsSync(avatar.path))
        return { ...form, name: avatar.filename, text: await avatar.text() }
      },
    )
    await using client = testClient(app)
    const files = { avatar: { filename: '../../etc/me.png', content: 'pixels' } }
    const answer = await client.post('/', { form: { title: 'me' }, files })
    assert.deepEqual(answer.json(), { title: 'me', name: 'me.png', text: 'pixels' })
    const missing = await client.post('/', { form: { title: 'me' }, files: {} })
    assert.deepEqual(missing.json().errors, {
      files: { avatar: ['Missing data for required field.'] },
    })
    const deadline = Date.now() + 2000
    while (paths.some((path) => existsSync(path)) && Date.now() < deadline) await delay()
    assert.deepEqual(
      paths.filter((path) => existsSync(path)),
      [],
    )
  })
})

test('messages can be replaced for an app, and for a field', async () => {
  const app = new App('messages', {
    logger: false,
    messages: { required: 'Bitte angeben.', unknown: 'Unbekannt.' },
  })
  app.post('/', { json: z.object({ a: z.string(), b: z.string('Text, please.') }) }, () => ({}))
  await using client = testClient(app)
  const { errors } = (await client.post('/', { json: { b: 1, c: 2 } })).json()
  assert.deepEqual(errors.json, {
    a: ['Bitte angeben.'],
    b: ['Text, please.'],
    c: ['Unbekannt.'],
  })
})

test('a contract that cannot be is refused where it is declared', () => {
  const app = new App('contracts', { logger: false })
  // @ts-expect-error -- one of these is a mistake
  assert.throws(() => app.get('/', { ouput: Task }, () => ({})), /no member "ouput"/)
  assert.throws(
    () => app.post('/', { json: Task, form: z.object({}) }, () => ({})),
    /as json and as a form/,
  )
})

function delay(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 10))
}
