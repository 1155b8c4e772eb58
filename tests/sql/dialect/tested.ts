import { setTimeout as sleep } from 'node:timers/promises'
import { App } from 'dewar'
import { ConnectionLost, type Database } from 'dewar/db'
import type { DatabaseName } from '../../services/databases.ts'
import type { Service } from '../../services/service.ts'

/** A kind of database, as {@link dialectSuite} asks for it. */
export interface TestedDialect {
  readonly name: DatabaseName
  readonly database: Service
  /** Whether rows are locked one by one, so that units of work can wait for each other. */
  readonly hasRowLocks: boolean
  /** End all connections to the database from outside, where there are any. */
  readonly killConnections?: () => Promise<void>
}

/** An app on the database; its tables are new, and gone when it is closed. */
export async function openApp(db: Database, { database }: TestedDialect, wait: '5s' | '1s' = '5s') {
  const app = new App('dialects', { logger: false }).install(db, { url: database.url, wait })
  await app.ready()
  try {
    await app.withScope(async () => {
      await db.dropTables()
      await db.createTables()
    })
  } catch (error) {
    await app.close()
    throw error
  }
  return {
    app,
    /** Run `work` as a unit of work. */
    unit: <T>(work: () => Promise<T>): Promise<T> => app.withScope(work),
    async [Symbol.asyncDispose]() {
      await whenHealed(() => app.withScope(() => db.dropTables()))
      await app.close()
    },
  }
}

/** The server may still be ending connections, those that the pool takes for good among them. */
export async function whenHealed(work: () => Promise<unknown>, tries = 10): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof ConnectionLost) || tries === 0) throw error
    await sleep(20)
    await whenHealed(work, tries - 1)
  }
}
