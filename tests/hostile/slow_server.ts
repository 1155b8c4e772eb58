/** An app in a process of its own, which tells how much memory it holds when it is asked. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { serve } from 'dewar/server'
import { createHostileApp } from './hostile_app.ts'

const app = createHostileApp(mkdtempSync(join(tmpdir(), 'dewar-slow-')), { logger: 'error' })
const server = await serve(app, { port: 0, deadline: '1s' })
process.on('message', async () => {
  globalThis.gc?.()
  // What buffers held is given back behind the first one.
  await wait(200)
  globalThis.gc?.()
  process.send?.(process.memoryUsage().rss)
})
console.log(new URL(server.url).port)
