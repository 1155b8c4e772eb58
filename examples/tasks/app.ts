import { join } from 'node:path'
import { App, type AppOptions, Blueprint, noContent } from 'dewar'
import { type Config, readConfig } from './config.ts'
import { attemptStore, auth, db, members, tokenStore } from './extensions.ts'
import { openDoor } from './open_door.ts'
import { formatError } from './responses.ts'
import { initDb, refuseSeededPasswords, seed, seedWhenEmpty } from './seed.ts'
import { tasks } from './tasks.ts'

const health = new Blueprint('health')
health.get('/health', () => ({ status: 'ok' }))

/** Puts the app back in its first state; registered in the testing profile only. */
const reset = new Blueprint('reset')
reset.post('/__reset', async () => {
  await seed({ hasUsers: true })
  return noContent()
})

export function createApp(config: Config = readConfig(), options: AppOptions = {}): App {
  const isTesting = config.profile === 'testing'
  if (config.loginDisabled && !isTesting) {
    throw new Error('LOGIN_DISABLED is for tests: it is refused outside of the testing profile.')
  }
  const app = new App('tasks', { profile: config.profile, formatError, ...options })
    .install(db, { url: config.databaseUrl, migrations: join(import.meta.dirname, 'migrations') })
    // #region install
    .install(auth, {
      secret: config.jwtSecretKey,
      store: tokenStore,
      accessLifetime: `${config.jwtAccessTokenExpires}s`,
      refreshLifetime: `${config.jwtRefreshTokenExpires}s`,
      also: config.loginDisabled ? [openDoor] : [],
    })
    .install(members, { attempts: attemptStore, passwords: isTesting ? false : {} })
    // #endregion install
    .register(health)
    .register(tasks, { prefix: '/api/tasks' })
    .command(initDb)
    .onStart(() => (config.upgradeOnStart ? db.upgrade() : db.requireUpgraded()))
    .onStart(() => seedWhenEmpty(config.profile))
  if (config.profile === 'production') app.onStart(refuseSeededPasswords)
  if (isTesting) app.register(reset)
  return app
}
