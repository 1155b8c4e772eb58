import assert from 'node:assert/strict'
import { Agent, get as httpGet } from 'node:http'
import { connect, type Socket } from 'node:net'
import { suite, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { App } from 'dewar'
import { serve, startServer } from 'dewar/server'
import { parseAnswers } from '../../hostile/connection.ts'
import { type Served, startProcess } from './served.ts'

const IN_TIME = { timeout: 40_000 }
const request = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`

function start(deadline = '5s'): Promise<Served> {
  return startProcess(new URL('./app.ts', import.meta.url), deadline)
}

/** A raw connection, and what came on it until now. */
function open({ port }: { port: number }): {
  socket: Socket
  text: () => string
  closed: Promise<unknown>
} {
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.on('data', (data) => (text += data.toString('latin1')))
  socket.on('error', () => {})
  return {
    socket,
    text: () => text,
    closed: new Promise((resolve) => socket.once('close', resolve)),
  }
}

/** It gives up before the test is given up, or it would keep the process for ever. */
async function until(isSo: () => boolean): Promise<void> {
  const end = performance.now() + IN_TIME.timeout / 2
  while (!isSo() && performance.now() < end) await wait(5)
  assert.ok(isSo(), 'in time')
}

suite('in a process of its own', { concurrency: 5 }, () => {
  test(
    'SIGTERM: what is in flight is answered, idle connections end, new ones are refused',
    IN_TIME,
    async () => {
      await using served = await start()
      const [busy, streaming, idle] = [open(served), open(served), open(served)]
      const [fresh, partial] = [open(served), open(served)]
      idle.socket.write(request('/'))
      await until(() => idle.text().includes('"ok"'))
      partial.socket.write('GET / HTTP/1.1\r\nHos')
      streaming.socket.write(request('/stream'))
      busy.socket.write(request('/slow'))
      await until(() => served.lines.includes('slow') && streaming.text().includes('tick 0'))

      served.child.kill('SIGTERM')
      const ended = served.ended()
      await idle.closed
      assert.equal(busy.text(), '', 'idle connections do not wait for others')
      await assert.rejects(fetch(`http://127.0.0.1:${served.port}/`))
      await Promise.all([busy.closed, streaming.closed, fresh.closed, partial.closed])
      const [answer] = parseAnswers(Buffer.from(busy.text()))
      assert.equal(answer?.body, '{"done":true}')
      assert.equal(answer?.headers['connection'], 'close')
      assert.match(streaming.text(), /tick 3\n\r\n0\r\n\r\n$/)
      const { code, ms } = await ended
      assert.equal(code, 0)
      assert.ok(ms < 10_000, `${ms} ms`)
      assert.deepEqual(served.lines, ['slow', 'released with 0 in flight'])
    },
  )

  test(
    'SIGINT: what is arriving is answered; who trickles in, or keeps connections, is not waited for',
    IN_TIME,
    async () => {
      await using served = await start()
      const agent = new Agent({ keepAlive: true })
      const answered = new Promise((resolve) => {
        httpGet({ port: served.port, path: '/slow', agent }, (response) => {
          response.resume().once('end', () => resolve(response.headers.connection))
        })
      })
      const [arriving, trickling] = [open(served), open(served)]
      arriving.socket.write('POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab')
      trickling.socket.write('GET / HTTP/1.1\r\nX: ')
      const trickle = setInterval(() => trickling.socket.write('x'), 20)
      await until(() => served.lines.includes('slow'))
      await wait(100)
      served.child.kill('SIGINT')
      const ended = served.ended()
      await wait(200)
      arriving.socket.write('cd')
      await arriving.closed
      assert.match(arriving.text(), /abcd$/)
      assert.equal(await answered, 'close')
      const { code, ms } = await ended
      clearInterval(trickle)
      agent.destroy()
      assert.equal(code, 0)
      assert.ok(ms < 10_000, `${ms} ms`)
    },
  )

  test(
    'past the deadline what is left is cut off: 1, with a line that says so',
    IN_TIME,
    async () => {
      await using served = await start('300ms')
      const { socket, closed } = open(served)
      socket.write(request('/stuck'))
      await until(() => served.lines.includes('stuck'))
      served.child.kill('SIGTERM')
      const { code, ms } = await served.ended()
      await closed
      assert.equal(code, 1)
      assert.ok(ms > 200 && ms < 10_000, `${ms} ms`)
      const line = served.lines.find((each) => each.startsWith('{')) ?? '{}'
      assert.match(JSON.parse(line).msg, /stopped after 300 ms, before all was done/)
      assert.equal(JSON.parse(line).in_flight, 1)
      assert.ok(
        served.lines.includes('released with 1 in flight'),
        'extensions are released all the same',
      )
    },
  )

  test('a second signal does not wait; the same one twice at once is one', IN_TIME, async () => {
    await using served = await start('8s')
    const { socket } = open(served)
    socket.write(request('/stuck'))
    await until(() => served.lines.includes('stuck'))
    served.child.kill('SIGINT')
    served.child.kill('SIGTERM')
    await wait(350)
    assert.equal(served.child.exitCode, null)
    served.child.kill('SIGINT')
    const { code, ms } = await served.ended()
    assert.equal(code, 1)
    assert.ok(ms < 7000, `${ms} ms`)
  })

  test('what nobody catches is logged, and stops the server', IN_TIME, async () => {
    await using served = await start()
    const response = await fetch(`http://127.0.0.1:${served.port}/fault`)
    assert.equal(response.status, 200)
    await response.text()
    assert.equal((await served.ended()).code, 1)
    const logged = served.lines
      .filter((each) => each.startsWith('{'))
      .map((each) => JSON.parse(each))
    const faults = logged.map(({ level, err }) => [level, err.message])
    const messages = ['nobody handles this', 'nobody catches this']
    assert.deepEqual(
      faults,
      messages.map((message) => [60, message]),
    )
    assert.ok(served.lines.includes('released with 0 in flight'))
  })
})

test('a server of a test is stopped without a signal', IN_TIME, async () => {
  const app = new App('x', { logger: false })
  app.get('/', () => ({ ok: true }))
  const codes: number[] = []
  const listeners = process.listenerCount('SIGTERM')
  const server = await serve(app, { port: 0, exit: (code) => void codes.push(code) })
  assert.equal((await fetch(server.url)).status, 200)
  assert.deepEqual(await Promise.all([server.stop(), server.stop()]), [true, true])
  assert.deepEqual(codes, [0])
  assert.equal(process.listenerCount('SIGTERM'), listeners)
  await assert.rejects(fetch(server.url))
})

test('a port that is taken is an error, and the app is closed', IN_TIME, async () => {
  const first = await startServer(new App('first', { logger: false }), { port: 0 })
  let isReleased = false
  const app = new App('second', { logger: false }).onClose(() => void (isReleased = true))
  const port = Number(new URL(first.url).port)
  await assert.rejects(startServer(app, { port }), { code: 'EADDRINUSE' })
  assert.ok(isReleased)
  await first.stop()
})

test('what cannot be released is logged, and is no clean end', IN_TIME, async () => {
  const lines: string[] = []
  const { pino } = await import('pino')
  const logger = pino({}, { write: (line: string) => void lines.push(line) })
  const app = new App('x', { logger }).onClose(() => Promise.reject(new Error('stuck door')))
  const server = await startServer(app, { port: 0 })
  assert.equal(await server.stop(), false)
  assert.match(lines.join(''), /could not be closed/)
})
