import assert from 'node:assert/strict'
import { test } from 'node:test'
import { App } from 'dewar'
import { authModels, databaseTokenStore, memoryTokenStore } from 'dewar/auth'
import { createDatabaseApp, db } from './fixtures.ts'
import { mariadb } from '../../services/mariadb.ts'
import { postgres } from '../../services/postgres.ts'
import { tokenStoreSuite } from './token_store.suite.ts'

tokenStoreSuite('memory', async (work) => {
  await using app = new App('stores', { logger: false })
  await app.withScope(() => work(memoryTokenStore()))
})

const [AuthFamily] = authModels

const databases: Readonly<Record<string, string>> = {
  SQLite: 'sqlite::memory:',
  PostgreSQL: (await postgres()).url,
  MariaDB: (await mariadb()).url,
}
for (const [name, url] of Object.entries(databases)) {
  tokenStoreSuite(name, async (work) => {
    await using app = createDatabaseApp({ url })
    await app.withScope(() => db.deleteMany(AuthFamily, {}))
    await app.withScope(() => work(databaseTokenStore(db)))
  })
}

test('what is revoked in a database stays so when the request that did it fails', async () => {
  const store = databaseTokenStore(db)
  await using app = createDatabaseApp()
  const expiresAt = new Date(Date.now() + 60_000)
  const revoke = async () => {
    await db.transaction(() => store.revoke('a', expiresAt))
    await store.revoke('b', expiresAt)
    throw new Error('broken')
  }
  await assert.rejects(app.withScope(revoke), /broken/)
  await app.withScope(async () => {
    for (const jti of ['a', 'b']) {
      assert.equal(await store.isRevoked({ jti, family: undefined }), true, jti)
    }
  })
})
