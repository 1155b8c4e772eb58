/** One worker of an app that shares its database with others; says where it listens. */
import { databaseTokenStore } from 'dewar/auth'
import { createApp, db } from './fixtures.ts'

const [file = ''] = process.argv.slice(2)
const app = createApp({ store: databaseTokenStore(db) })
  .install(db, { url: `sqlite:///${file}` })
  .onStart(() => db.createTables())
console.log(await app.listen({ port: 0 }))
