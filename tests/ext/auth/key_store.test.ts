import { App } from 'dewar'
import { apiKeyModels, databaseKeyStore, memoryKeyStore } from 'dewar/auth'
import { database } from 'dewar/db'
import { keyStoreSuite } from './key_store.suite.ts'

keyStoreSuite('memory', async (work) => {
  await using app = new App('stores', { logger: false })
  await app.withScope(() => work(memoryKeyStore()))
})

keyStoreSuite('database', async (work) => {
  const db = database([...apiKeyModels])
  await using app = new App('stores', { logger: false })
    .install(db, { url: 'sqlite::memory:' })
    .onStart(() => db.createTables())
  await app.ready()
  await app.withScope(async () => {
    // Each step of a store is committed by itself, as in requests that follow one another.
    const store = databaseKeyStore(db)
    await work({
      add: (key) => app.withScope(() => store.add(key)),
      find: (id) => store.find(id),
      list: (subject) => store.list(subject),
      revoke: (id, at) => store.revoke(id, at),
      use: (id, at) => store.use(id, at),
    })
  })
})
