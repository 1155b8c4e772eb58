import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { App } from 'dewar'
import { type TestClient, testClient } from 'dewar/testing'
import fc from 'fast-check'
import { debugAnswer } from '../../src/app/debug_page.ts'

const PAGE = { headers: { accept: 'text/html,*/*;q=0.8' } }

function throwing(thrown: unknown, debug = true): TestClient {
  const app = new App('broken', { debug, logger: false })
  app.get('/boom', { name: 'boom' }, () => {
    throw thrown
  })
  return testClient(app, { raises: false })
}

test('a program gets problem details with the error, its stack, source and cause', async () => {
  const error = new TypeError('not that', { cause: new RangeError('too deep') })
  await using client = throwing(error)
  const answer = await client.get('/boom')

  assert.equal(answer.status, 500)
  assert.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8')
  assert.equal(answer.headers['cache-control'], 'no-store')
  const { debug, request_id: id, ...problem } = answer.json()
  assert.deepEqual(problem, {
    type: 'about:blank',
    title: 'Internal Server Error',
    status: 500,
    detail: 'TypeError: not that',
    code: 'internal_server_error',
  })
  assert.match(id, /^[\da-f-]{36}$/)
  assert.equal(debug.name, 'TypeError')
  assert.match(debug.stack[0], /^at .*debug_page\.test\.ts:\d+:\d+/)
  assert.equal(debug.source.file, import.meta.filename)
  assert.match(debug.source.excerpt, /^> \d+ \| {3}const error = new TypeError\('not that'/m)
  assert.equal(debug.cause.message, 'too deep')
})

test('a browser gets a page in which everything is escaped and nothing can run', async () => {
  await using client = throwing(new TypeError('<script>alert("1")</script>'))
  const answer = await client.get('/boom', PAGE)

  assert.equal(answer.status, 500)
  assert.equal(answer.headers['content-type'], 'text/html; charset=utf-8')
  assert.match(answer.text, /TypeError: &lt;script&gt;alert\(&quot;1&quot;\)/)
  assert.doesNotMatch(answer.text, /<script/)
  assert.match(answer.text, /<b>&gt; \d+ \| .*throwing\(new TypeError/)
  assert.match(answer.text, /<li class="dim"><code>at .*node:internal/)
  const policy = String(answer.headers['content-security-policy'])
  assert.match(policy, /default-src 'none'/)
  const style = /<style>(.*)<\/style>/s.exec(answer.text)?.[1] ?? ''
  const hash = createHash('sha256').update(style).digest('base64')
  assert.ok(policy.includes(`'sha256-${hash}'`), 'the policy lets the page have its own style')
})

test('the page shows the request without its secrets', async () => {
  await using client = throwing('x')
  const { text } = await client.get('/boom?q=1&api_key=k3y', {
    headers: {
      ...PAGE.headers,
      authorization: 'Bearer s3cr',
      'x-api-key': 's3cr',
      'x-trace': 't1',
    },
    cookies: { session: 's3cr' },
  })

  assert.match(text, /GET \/boom\?q=1&amp;api_key=\*\*\*/)
  assert.match(text, /<td>x-trace<\/td><td>t1<\/td>/)
  assert.match(text, /<td>authorization<\/td><td>\*\*\*<\/td>/)
  assert.doesNotMatch(text, /s3cr|k3y/)
})

test('outside of debug mode nothing of it leaves the server', async () => {
  await using client = throwing(new Error('secret'), false)
  const answer = await client.get('/boom', PAGE)
  assert.equal(answer.status, 500)
  assert.doesNotMatch(answer.text, /secret|debug/)
})

test('a message that looks like a stack shows no file', async () => {
  const lines = ['file:///etc/passwd', '/etc/passwd', import.meta.filename].map(
    (file) => `    at read (${file}:1:1)`,
  )
  const error = new Error(`x\n${lines.join('\n')}`)
  error.stack = `Error: ${error.message}\n    at node:internal/x:1:1`
  await using client = throwing(error)
  const { debug } = (await client.get('/boom')).json()
  assert.deepEqual(debug.stack, ['at node:internal/x:1:1'])
  assert.equal(debug.source, undefined)
})

test('a stack that names other files than sources shows none of them', async () => {
  const error = new Error('x')
  error.stack = 'Error: x\n    at read (/etc/passwd:1:1)\n    at read (/no/such.ts:1:1)'
  await using client = throwing(error)
  const { debug } = (await client.get('/boom')).json()
  assert.equal(debug.stack.length, 2)
  assert.equal(debug.source, undefined)
})

test('an error class that sets no name is called by its class', async () => {
  class QuotaError extends Error {}
  await using client = throwing(new QuotaError('full'))
  assert.equal((await client.get('/boom')).json().detail, 'QuotaError: full')
})

/** Values that are hostile to whoever looks at them. */
function hostile(): unknown[] {
  const loop = new Error('loop')
  loop.cause = loop
  const refuse = (): never => {
    throw new Error('refused')
  }
  const getter = { get: refuse }
  const traps = { get: refuse, has: refuse, getPrototypeOf: refuse, ownKeys: refuse }
  return [
    loop,
    null,
    undefined,
    Symbol('s'),
    'text',
    10n,
    () => 1,
    Object.create(null),
    Object.defineProperties(new Error('x'), { message: getter, stack: getter, name: getter }),
    Object.assign(new Error('x'), { name: Symbol('n'), message: 4n, stack: {} }),
    Object.defineProperty(new Error('x'), 'constructor', getter),
    Object.defineProperty({}, 'message', getter),
    new Proxy({}, traps),
    new Proxy(new Error('x'), traps),
    new Error('x', { cause: new Proxy(new Error('y'), traps) }),
    { [Symbol.for('nodejs.util.inspect.custom')]: refuse },
  ]
}

test('whatever was thrown can be shown', async () => {
  let thrown: unknown
  const app = new App('hostile', { logger: false })
  app.get('/', (c) => debugAnswer(c, thrown))
  await using client = testClient(app)
  const check = async (value: unknown): Promise<void> => {
    thrown = value
    const asJSON = await client.get('/')
    assert.equal(asJSON.status, 500)
    assert.equal(typeof asJSON.json().detail, 'string')
    assert.match((await client.get('/', PAGE)).text, /^<!doctype html>/)
  }
  for (const value of hostile()) await check(value)
  await fc.assert(fc.asyncProperty(fc.anything(), check), { numRuns: 60 })
})

test('a string that was thrown is shown as one', async () => {
  await using client = throwing('out of paper')
  assert.equal((await client.get('/boom')).json().detail, "Thrown value: 'out of paper'")
})
