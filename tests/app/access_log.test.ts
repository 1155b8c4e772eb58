import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { App, type AppOptions } from 'dewar'
import { testClient } from 'dewar/testing'
import { pino } from 'pino'

function recorded(options: AppOptions = {}) {
  const lines: Record<string, unknown>[] = []
  const logger = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) })
  const app = new App('logged', { logger, ...options })
  app.get('/', (c) => ({ id: c.id }))
  app.get('/boom', () => {
    throw new Error('no luck')
  })
  app.get('/slow', () => sleep(400, { done: true }))
  app.get('/never', () => new Promise(() => {}))
  return { app, lines }
}

async function until(isDone: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400 && !isDone(); tries++) await sleep(10)
  assert.ok(isDone(), 'in time')
}

suite('the access log', () => {
  test('has a line for each request, also for those without a route, with the id of its errors', async () => {
    const { app, lines } = recorded({ accessLog: true })
    await using client = testClient(app, { raises: false })
    const { id } = (await client.get('/?a=%20b')).json()
    await client.get('/boom')
    await client.post('/nowhere')
    const requests = lines.filter(({ msg }) => msg === 'request')
    assert.deepEqual(
      requests.map(({ method, target, status, level }) => [method, target, status, level]),
      [
        ['GET', '/?a=%20b', 200, 30],
        ['GET', '/boom', 500, 30],
        ['POST', '/nowhere', 404, 30],
      ],
    )
    assert.ok(requests.every(({ ms }) => typeof ms === 'number' && ms >= 0))
    assert.equal(requests[0]?.['request_id'], id)
    const error = lines.find(({ level }) => level === 50)
    assert.equal(error?.['request_id'], requests[1]?.['request_id'])
    assert.equal(new Set(requests.map((each) => each['request_id'])).size, 3)
  })

  test('is off unless it is asked for; errors are logged', async () => {
    const { app, lines } = recorded()
    await using client = testClient(app, { raises: false })
    await client.get('/')
    await client.get('/boom')
    assert.deepEqual(
      lines.map(({ level }) => level),
      [50],
    )
  })

  test('says of a client that went away that it did', async () => {
    const { app, lines } = recorded({ accessLog: true })
    await using _ = app
    const sent = request(`${await app.listen({ port: 0 })}/never`).end()
    sent.on('error', () => {})
    await sleep(100)
    sent.destroy()
    await until(() => lines.length > 0)
    assert.deepEqual([lines[0]?.['target'], lines[0]?.['aborted']], ['/never', true])
  })
})

/** Without those of a machine that is busy with other tests. */
function slowOf(lines: Record<string, unknown>[]): Record<string, unknown>[] {
  return lines.filter(({ msg }) => /slow/.test(String(msg)))
}

suite('slow requests', () => {
  test('are told of when they have waited too long, and when they end', async () => {
    const { app, lines } = recorded({ slowRequest: '100ms' })
    await using _ = app
    const address = await app.listen({ port: 0 })
    await fetch(`${address}/`)
    await fetch(`${address}/slow`)
    await until(() => slowOf(lines).length === 2)
    const [slow, ended] = slowOf(lines)
    assert.deepEqual([slow?.['msg'], slow?.['level']], ['a request is slow', 40])
    assert.deepEqual([slow?.['method'], slow?.['target']], ['GET', '/slow'])
    assert.deepEqual([ended?.['msg'], ended?.['status']], ['a slow request has ended', 200])
    assert.ok(Number(ended?.['ms']) >= Number(slow?.['ms']))
  })

  test('are those that the server makes wait, not those that come or go slowly', async () => {
    const { app, lines } = recorded({ slowRequest: '100ms' })
    app.post('/', async (c) => ({ length: (await c.request.bytes()).length }))
    app.get('/stream', async function* stream() {
      yield 'a'
      await sleep(300)
      yield 'b'
    })
    await using _ = app
    const address = await app.listen({ port: 0 })
    const sent = request(address, { method: 'POST', headers: { 'content-length': 2 } })
    sent.write('a')
    const streamed = fetch(`${address}/stream`)
    await sleep(300)
    sent.end('b')
    const [answer] = await once(sent, 'response')
    answer.resume()
    assert.equal(await (await streamed).text(), 'ab')
    assert.deepEqual(slowOf(lines), [])
  })

  test('an event loop that is blocked is told of', async () => {
    const { app, lines } = recorded({ slowRequest: '100ms' })
    await using _ = app
    await app.listen({ port: 0 })
    await sleep(50)
    const end = performance.now() + 300
    while (performance.now() < end);
    await until(() => lines.length > 0)
    assert.match(String(lines[0]?.['msg']), /^the event loop was blocked/)
    assert.ok(Number(lines[0]?.['ms']) >= 100)
  })

  test('nothing is watched where that is not wanted', async () => {
    const { app, lines } = recorded({ slowRequest: false })
    await using _ = app
    await fetch(`${await app.listen({ port: 0 })}/slow`)
    assert.deepEqual(lines, [])
  })
})
