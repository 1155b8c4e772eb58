import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { App, type AppOptions } from 'dewar'
import { database, id, integer, model, now, datetime, string } from 'dewar/db'

export const Account = model('accounts', {
  id: id(),
  name: string(20).unique(),
  balance: integer().default(0),
  changed_at: datetime().default(now).onUpdate(now).readOnly(),
})
export const Entry = model('entries', { id: id(), token: string(40) })
export const db = database([Account, Entry])

/** An app with the tables, on a file or a private database. */
export function bank(
  url = 'sqlite::memory:',
  options: AppOptions & { wait?: '100ms' | '1s' } = {},
) {
  const { wait, ...rest } = options
  const app = new App('bank', { logger: false, ...rest }).install(db, { url, wait })
  app.onStart(() => db.createTables())
  app.get('/health', () => ({ status: 'ok' }))
  return app
}

/** The same with nothing in the tables. */
export function freshBank(url: string, options?: Parameters<typeof bank>[1]) {
  const { wait, ...rest } = options ?? {}
  const app = new App('bank', { logger: false, ...rest }).install(db, { url, wait })
  app.onStart(async () => {
    await db.dropTables()
    await db.createTables()
  })
  return app
}

/** What the log said, a record a line. */
export function recorder() {
  const lines: Record<string, unknown>[] = []
  const stream = { write: (line: string) => void lines.push(JSON.parse(line)) }
  return { lines, stream }
}

/** Start a script with this Node; resolves with its first line. `gone` resolves when it ended. */
export async function startScript(
  url: URL,
  ...args: string[]
): Promise<{ child: ChildProcess; line: string; gone: Promise<unknown> }> {
  const child = spawn(
    process.execPath,
    ['--conditions=@dewar/source', fileURLToPath(url), ...args],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  )
  const gone = once(child, 'exit')
  const line = await Promise.race([once(child.stdout, 'data'), gone.then(() => undefined)])
  if (!line) throw new Error(`${url.pathname} ended before it said anything.`)
  return { child, line: String(line[0]).trim(), gone }
}
