import { App, type AppOptions, type HTTPError, NotFound } from 'dewar'
import { account } from './account.ts'
import { books } from './books.ts'
import { readConfig } from './config.ts'
import { convert } from './convert.ts'
import { hello } from './hello.ts'
import { items } from './items.ts'
import { messages } from './messages.ts'
import { requests } from './requests.ts'
import { resetRoute } from './reset.ts'
import { memory } from './store.ts'
import { todos } from './todos.ts'
import { users } from './users.ts'

/** Every error of this app is `{"error": …}`; a 404 says so in words, as Flask's `str(error)` does. */
function formatError(error: HTTPError) {
  const { status, title, message } = error
  return { error: error instanceof NotFound ? `${status} ${title}: ${message}` : message }
}

export function createApp(config = readConfig(), options: AppOptions = {}): App {
  const app = new App('quickstart', { profile: config.profile, formatError, ...options })
  app
    .install(memory)
    .register(hello)
    .register(books)
    .register(messages)
    .register(todos)
    .register(users)
    .register(requests)
    .register(items)
    .register(convert)
    .register(account, { prefix: '/api/v1/users' })
  if (config.profile === 'testing') app.register(resetRoute)
  return app
}
