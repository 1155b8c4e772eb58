/** An app in a process of its own, which tells how much memory it holds when it is asked. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { serve } from 'dewar/server'
import { createHostileApp } from './hostile_app.ts'

const LAST_RESORT = { type: 'major', execution: 'sync', flavor: 'last-resort' } as const

const app = createHostileApp(mkdtempSync(join(tmpdir(), 'dewar-slow-')), { logger: 'error' })
const server = await serve(app, { port: 0, deadline: '1s' })
process.on('message', async () => {
  // This way V8 gives back the pages that it keeps for the next burst; twice, as buffers go after what held them.
  globalThis.gc?.(LAST_RESORT)
  await wait(200)
  globalThis.gc?.(LAST_RESORT)
  process.send?.(process.memoryUsage().rss)
})
console.log(new URL(server.url).port)
