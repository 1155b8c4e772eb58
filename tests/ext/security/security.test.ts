import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { abort, App, type AppOptions, html } from 'dewar'
import { security, type SecurityOptions } from 'dewar/security'
import { testClient } from 'dewar/testing'

function createApp(options?: SecurityOptions, appOptions: AppOptions = {}): App {
  const app = new App('shop', { logger: false, ...appOptions }).install(security, options)
  app.get('/', () => ({ open: true }))
  app.get('/page', (c) => {
    c.setHeader('content-security-policy', "default-src 'self'")
    return html('<p>')
  })
  app.get('/who', ({ request }) => ({ ip: request.ip, origin: request.origin }))
  app.get('/fail', () => abort(409, 'No'))
  app.post('/', (c) => {
    c.setCookie('basket', '7')
    return { saved: true }
  })
  return app
}

const clientOf = (options?: SecurityOptions, appOptions?: AppOptions) =>
  testClient(createApp(options, appOptions))

suite('security headers', () => {
  test('are in every answer, errors too', async () => {
    await using client = clientOf()
    const answers = [
      await client.get('/'),
      await client.get('/fail'),
      await client.get('/nothing'),
      await client.delete('/'),
      await client.request('OPTIONS', '/'),
    ]
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 409, 404, 405, 200],
    )
    for (const { headers } of answers) {
      assert.equal(headers['x-content-type-options'], 'nosniff')
      assert.equal(headers['x-frame-options'], 'DENY')
      assert.equal(headers['referrer-policy'], 'no-referrer')
      assert.equal(headers['cross-origin-resource-policy'], 'same-origin')
      assert.match(String(headers['content-security-policy']), /frame-ancestors 'none'/)
      assert.equal(headers['strict-transport-security'], undefined)
    }
  })

  test('give way to those of a route, and to options', async () => {
    await using client = clientOf({
      headers: { frameOptions: false, crossOriginResourcePolicy: 'cross-origin' },
    })
    const { headers } = await client.get('/page')
    assert.equal(headers['content-security-policy'], "default-src 'self'")
    assert.equal(headers['x-frame-options'], undefined)
    assert.equal(headers['cross-origin-resource-policy'], 'cross-origin')
  })

  test('have HSTS only behind TLS that a trusted proxy tells of', async () => {
    const forwarded = { headers: { 'x-forwarded-proto': 'https' } }
    const hstsOf = async (options?: SecurityOptions, trustProxy: string | false = '127.0.0.1') => {
      await using client = clientOf(options, { trustProxy })
      return (await client.get('/', forwarded)).headers['strict-transport-security']
    }
    assert.equal(await hstsOf(), 'max-age=31536000; includeSubDomains')
    assert.equal(await hstsOf(undefined, false), undefined)
    assert.equal(await hstsOf({ headers: { strictTransportSecurity: false } }), undefined)
    const own = { maxAge: '1d', includeSubDomains: false, preload: true } as const
    assert.equal(
      await hstsOf({ headers: { strictTransportSecurity: own } }),
      'max-age=86400; preload',
    )
  })
})

suite('CORS', () => {
  const origin = 'https://app.example.com'
  const preflight = (from: string) => ({
    headers: {
      origin: from,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-csrf-token',
    },
  })

  test('lets pages of named origins read, and no others', async () => {
    const cors = { origins: [origin], credentials: true, exposedHeaders: ['X-Total-Count'] }
    await using client = clientOf({ cors })
    const own = await client.get('/', { headers: { origin } })
    assert.equal(own.headers['access-control-allow-origin'], origin)
    assert.equal(own.headers['access-control-allow-credentials'], 'true')
    assert.equal(own.headers['access-control-expose-headers'], 'X-Total-Count')
    assert.equal(own.headers['vary'], 'Origin')
    const failed = await client.get('/fail', { headers: { origin } })
    assert.equal(failed.headers['access-control-allow-origin'], origin)
    for (const other of [
      'https://evil.example',
      `${origin}.evil.example`,
      'null',
      'http://app.example.com',
    ]) {
      const answer = await client.get('/', { headers: { origin: other } })
      assert.equal(answer.headers['access-control-allow-origin'], undefined, other)
      assert.equal(answer.headers['vary'], 'Origin')
    }
    assert.equal((await client.get('/')).headers['vary'], 'Origin')
  })

  test('answers preflights, and leaves other OPTIONS to the routes', async () => {
    await using client = clientOf({ cors: { origins: [origin] } })
    const { status, headers } = await client.request('OPTIONS', '/', preflight(origin))
    assert.equal(status, 204)
    assert.equal(headers['access-control-allow-origin'], origin)
    assert.match(String(headers['access-control-allow-methods']), /PATCH/)
    assert.equal(headers['access-control-allow-headers'], 'x-csrf-token')
    assert.equal(headers['access-control-max-age'], '600')
    assert.equal(headers['access-control-allow-credentials'], undefined)
    assert.match(String(headers['vary']), /Origin, Access-Control-Request-Headers/)
    const evil = await client.request('OPTIONS', '/', preflight('https://evil.example'))
    assert.equal(evil.headers['access-control-allow-origin'], undefined)
    const plain = await client.request('OPTIONS', '/', { headers: { origin } })
    assert.deepEqual([plain.status, plain.headers['allow']], [200, 'GET, HEAD, OPTIONS, POST'])
  })

  test('lets every page read with "*", but never with credentials', async () => {
    await using client = clientOf({ cors: { origins: '*' } })
    const { headers } = await client.get('/', { headers: { origin } })
    assert.equal(headers['access-control-allow-origin'], '*')
    assert.throws(() => createApp({ cors: { origins: '*', credentials: true } }), /by name/)
    for (const wrong of ['*', 'null', 'app.example.com', `${origin}/`, `${origin}/path`, '']) {
      assert.throws(() => createApp({ cors: { origins: [wrong] } }), /Not an origin/, wrong)
    }
  })

  test('is not there where nobody asked for it', async () => {
    await using client = clientOf()
    const { headers } = await client.get('/', { headers: { origin } })
    assert.equal(headers['access-control-allow-origin'], undefined)
    assert.equal(headers['vary'], undefined)
  })
})

suite('hosts', () => {
  const production = { profile: 'production' } as const

  test('must be named in production', async () => {
    assert.throws(() => createApp({}, production), /which `hosts`/)
    assert.throws(() => createApp({ hosts: [] }, production), /which `hosts`/)
    await createApp({ hosts: '*' }, production).close()
    await createApp({}, { profile: 'development' }).close()
  })

  test('that are not named are 421, in the form of the app', async () => {
    const hosts = ['API.example.com', '*.example.net', '[::1]']
    await using client = clientOf({ hosts }, production)
    const statusOf = async (host: string) => (await client.get('/', { headers: { host } })).status
    const own = ['api.example.com', 'Api.Example.com:8443', 'api.example.com.', 'a.b.example.net']
    for (const host of [...own, '[::1]:5000']) assert.equal(await statusOf(host), 200, host)
    const others = ['example.com', 'evil.com', 'example.net', 'evilexample.net', '127.0.0.1', '']
    for (const host of others) assert.equal(await statusOf(host), 421, host)
    const refused = await client.get('/nothing', { headers: { host: 'evil.com' } })
    assert.equal(refused.status, 421)
    assert.equal(refused.headers['content-type'], 'application/problem+json; charset=utf-8')
    assert.match(refused.json().detail, /"evil\.com"/)
    assert.equal(refused.headers['x-content-type-options'], 'nosniff')
  })

  test('are those that a trusted proxy forwards', async () => {
    const headers = { host: 'internal', 'x-forwarded-host': 'api.example.com' }
    const statusOf = async (trustProxy: string | false) => {
      await using client = clientOf({ hosts: ['api.example.com'] }, { trustProxy })
      return (await client.get('/', { headers })).status
    }
    assert.equal(await statusOf('127.0.0.1'), 200)
    assert.equal(await statusOf(false), 421)
    assert.equal(await statusOf('10.0.0.0/8'), 421)
  })

  test('are refused when they are no hosts', () => {
    for (const host of ['https://a.example', 'a.example:80', '*', 'a.*', 'a b', '']) {
      assert.throws(() => createApp({ hosts: [host] }), /Not a host/, host)
    }
  })
})

suite('forwarded headers', () => {
  const headers = {
    host: 'internal:5000',
    'x-forwarded-for': '203.0.113.9, 10.1.1.1',
    'x-forwarded-host': 'api.example.com',
    'x-forwarded-proto': 'https',
    forwarded: 'for=203.0.113.9;proto=https;host=api.example.com',
  }
  const whoFor = async (trustProxy?: NonNullable<AppOptions['trustProxy']>) => {
    await using client = clientOf(undefined, trustProxy === undefined ? {} : { trustProxy })
    return (await client.get('/who', { headers })).json()
  }

  test('are believed of nobody by default', async () => {
    assert.deepEqual(await whoFor(), { ip: '127.0.0.1', origin: 'http://internal:5000' })
    assert.deepEqual(await whoFor('10.0.0.0/8'), {
      ip: '127.0.0.1',
      origin: 'http://internal:5000',
    })
  })

  test('are believed of named proxies, up to the first that is not', async () => {
    const origin = 'https://api.example.com'
    assert.deepEqual(await whoFor('127.0.0.1'), { ip: '10.1.1.1', origin })
    assert.deepEqual(await whoFor(['127.0.0.1', '10.0.0.0/8']), { ip: '203.0.113.9', origin })
  })
})

test('cookies are HttpOnly and Lax, and Secure behind TLS', async () => {
  await using client = clientOf(undefined, { trustProxy: '127.0.0.1' })
  const plain = await client.post('/')
  assert.deepEqual(plain.headers['set-cookie'], 'basket=7; Path=/; HttpOnly; SameSite=Lax')
  const secure = await client.post('/', { headers: { 'x-forwarded-proto': 'https' } })
  assert.deepEqual(secure.headers['set-cookie'], 'basket=7; Path=/; HttpOnly; Secure; SameSite=Lax')
})
