/** Run by the tests in a process of its own: `node app.ts DEADLINE`. */
import { setTimeout as wait } from 'node:timers/promises'
import { App, stream, text } from 'dewar'
import { serve } from 'dewar/server'
import type { Duration } from '../../../src/lib/duration.ts'

const app = new App('served', { logger: 'error' })
let inFlight = 0
app.use(async (_c, next) => {
  inFlight++
  const answer = await next()
  inFlight--
  return answer
})
app.get('/', () => ({ ok: true }))
app.get('/slow', async () => {
  console.log('slow')
  await wait(300)
  return { done: true }
})
app.get('/stuck', () => {
  console.log('stuck')
  return new Promise(() => {})
})
app.post('/body', async ({ request }) => text(await request.text()))
app.get('/stream', () => stream(ticks()))
app.get('/fault', async () => {
  void Promise.reject(new Error('nobody handles this'))
  setTimeout(() => {
    throw new Error('nobody catches this')
  }, 50)
  await wait(150)
  return { ok: true }
})
app.onClose(() => console.log(`released with ${inFlight} in flight`))
// Something that would keep the process alive.
setInterval(() => {}, 1000)

async function* ticks(): AsyncGenerator<string> {
  for (let i = 0; i < 4; i++) {
    yield `tick ${i}\n`
    await wait(100)
  }
}

const deadline = (process.argv[2] ?? '5s') as Duration
const server = await serve(app, { port: 0, deadline })
console.log(new URL(server.url).port)
