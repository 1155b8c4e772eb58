import { join } from 'node:path'
import { App, type AppOptions, Blueprint, noContent } from 'dewar'
import { type Config, readConfig } from './config.ts'
import { db } from './extensions.ts'
import { formatError } from './responses.ts'
import { initDb, seed, seedWhenEmpty } from './seed.ts'
import { tasks } from './tasks.ts'

const health = new Blueprint('health')
health.get('/health', () => ({ status: 'ok' }))

/** Puts the app back in its first state; registered in the testing profile only. */
const reset = new Blueprint('reset')
reset.post('/__reset', async () => {
  await seed()
  return noContent()
})

export function createApp(config: Config = readConfig(), options: AppOptions = {}): App {
  if (config.loginDisabled && config.profile !== 'testing') {
    throw new Error('LOGIN_DISABLED is for tests: it is refused outside of the testing profile.')
  }
  const app = new App('tasks', { profile: config.profile, formatError, ...options })
    .install(db, { url: config.databaseUrl, migrations: join(import.meta.dirname, 'migrations') })
    .register(health)
    .register(tasks, { prefix: '/api/tasks' })
    .command(initDb)
    .onStart(() => (config.upgradeOnStart ? db.upgrade() : db.requireUpgraded()))
    .onStart(seedWhenEmpty)
  if (config.profile === 'testing') app.register(reset)
  return app
}
