import { App, type AppOptions, Blueprint, type HTTPError, InvalidInput, noContent } from 'dewar'
import { apiV1 } from './api/routes.ts'
import { type Config, readConfig } from './config.ts'
import { cookies } from './cookies.ts'
import { auth, db, keys } from './extensions.ts'
import { initDb, seed, seedWhenEmpty } from './seed.ts'

/** Puts the app back in its first state; registered in the testing profile only. */
const reset = new Blueprint('reset')
reset.post('/__reset', async () => {
  await seed()
  return noContent()
})

/** What fails is one sentence; what a schema refuses is 400. */
function formatError(error: HTTPError) {
  if (!(error instanceof InvalidInput)) return { error: error.message }
  const [message = error.message] = error.messages
  return [{ error: message }, 400]
}

export function createApp(config: Config = readConfig(), options: AppOptions = {}): App {
  const app = new App('cookies', { profile: config.profile, formatError, ...options })
    .install(db, { url: config.databaseUrl })
    .install(keys, { static: { shop: config.apiKey } })
    .install(auth, { tokens: false, also: [keys] })
    .register(cookies, { prefix: '/cookies' })
    .register(apiV1, { prefix: '/api/v1' })
    .command(initDb)
    .onStart(seedWhenEmpty)
  if (config.profile === 'testing') app.register(reset)
  return app
}
