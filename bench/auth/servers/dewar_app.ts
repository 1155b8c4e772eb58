import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App } from '../../../src/index.ts'
import { authentication, authModels, databaseTokenStore } from '../../../src/ext/auth/index.ts'
import { database } from '../../../src/ext/db/index.ts'
import { z } from '../../../src/schema/index.ts'
import { serve } from '../../http/serve.ts'
import { FAMILY, SECRET } from '../rows.ts'

/** Tokens kept in a database, and every request asks whether they were revoked. */
export async function serveDewar(options: { remembered?: number } = {}): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'dewar-bench-'))
  process.on('exit', () => rmSync(dir, { recursive: true }))
  const db = database([...authModels])
  const auth = authentication()
  const store = databaseTokenStore(db)
  const app = new App('bench', { logger: false })
    .install(db, { url: `sqlite:///${join(dir, 'auth.db')}` })
    .install(auth, { secret: SECRET, store, ...options })
  const output = z.object({ status: z.string() })
  app.get('/health', { output }, () => ({ status: 'ok' }))
  app.get('/signed-in', { output, use: [auth.signedIn()] }, () => ({ status: 'ok' }))
  app.onStart(async () => {
    await db.createTables()
    const now = new Date()
    const expiresAt = new Date(now.getTime() + 86_400_000)
    const device = { device: 'bench', address: '127.0.0.1' }
    await store.begin({ id: FAMILY, subject: '7', jti: 'r', ...device, now, expiresAt })
    // So that there is a revision to read.
    await store.revoke('another', expiresAt)
  })
  await app.listen({ port: 0 })
  serve(app.fastify.server.address())
}
