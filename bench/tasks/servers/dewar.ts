import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp } from '../../../examples/tasks/app.ts'
import { readConfig } from '../../../examples/tasks/config.ts'
import { db } from '../../../examples/tasks/extensions.ts'
import { Task } from '../../../examples/tasks/models.ts'
import { serve } from '../../http/serve.ts'
import { SEEDED } from '../rows.ts'

/** The Task API of the examples, as it is. */
const dir = mkdtempSync(join(tmpdir(), 'dewar-bench-'))
process.on('exit', () => rmSync(dir, { recursive: true }))

const databaseUrl = `sqlite:///${join(dir, 'tasks.db')}`
// Its twin asks nobody who they are; `bench:auth` measures what that costs.
const overrides = { databaseUrl, loginDisabled: true }
const config = readConfig({ profile: 'testing', env: {}, overrides })
const app = createApp(config, { logger: false })
await app.withScope(async () => {
  const there = await db.find(Task).count()
  for (let i = there; i < SEEDED; i++) await db.insert(Task, { title: `Task ${i}` })
})
await app.listen({ port: 0 })
serve(app.fastify.server.address())
