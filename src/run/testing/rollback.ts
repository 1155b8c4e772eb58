import type { AnyApp } from '../../app/app.ts'
import type { Database } from '../../ext/db/database.ts'

/**
 * Undo all that `app` does in its database from here on, its commits and `db.outside` too, when the block ends.
 *
 * Everything runs in one transaction on one connection, so requests that write wait for each other; hooks after a
 * commit run as always.
 *
 * @example
 * ```ts
 * import { App } from 'dewar'
 * import { database, id, model, string } from 'dewar/db'
 * import { rollback } from 'dewar/testing'
 *
 * const User = model('users', { id: id(), name: string(50).unique() })
 * const db = database([User])
 * await using app = new App('users', { logger: false }).install(db, { url: 'sqlite::memory:' })
 * app.onStart(() => db.createTables())
 *
 * for (const name of ['anna', 'anna']) {
 *   await using _ = await rollback(app, db)
 *   await app.withScope(() => db.insert(User, { name }))
 * }
 * ```
 *
 * @throws {Error} when there is one already
 */
export async function rollback(app: AnyApp, db: AnyDatabase): Promise<AsyncDisposable> {
  await app.ready()
  const sandbox = await app.state(db).openSandbox()
  return { [Symbol.asyncDispose]: () => sandbox.close() }
}

// oxlint-disable-next-line typescript/no-explicit-any -- whatever its models and relations
type AnyDatabase = Database<any, any>
