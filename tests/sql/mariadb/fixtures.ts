import { statesOf } from '../../../src/sql/ddl/state_of.ts'
import type { Query } from '../../../src/sql/driver.ts'
import { type MariadbDriver, openMariadb } from '../../../src/sql/mariadb/driver.ts'
import { parseMariadbURL } from '../../../src/sql/mariadb/url.ts'
import type { Model } from '../../../src/sql/model.ts'
import { Session } from '../../../src/sql/session.ts'
import { mariadb } from '../../services/mariadb.ts'

/** A database for the tests of a file. */
/** What an app has that says nothing. */
export const POOL = {
  max: 10,
  idleMs: 30_000,
  connectTimeoutMs: 5000,
  statementTimeoutMs: undefined,
}

export const service = await mariadb()

export type Opened = MariadbDriver & AsyncDisposable

/** Connections to it. @param search of the URL, such as `pool_max=2` */
export async function open(search = '', waitMs = 2000): Promise<Opened> {
  const url = `${service.url}${service.url.includes('?') ? '&' : '?'}${search}`
  const driver = await openMariadb(parseMariadbURL(search === '' ? service.url : url), {
    ...POOL,
    waitMs,
  })
  return Object.assign(driver, { [Symbol.asyncDispose]: () => driver.close() })
}

export function newSession(driver: MariadbDriver): Session {
  return new Session(driver, { enlist: () => {}, label: () => 'a test' })
}

/** Make tables anew. */
export async function createTables(driver: MariadbDriver, models: readonly Model[]): Promise<void> {
  const states = statesOf(models)
  await define(driver, ...driver.dialect.dropTables(states), ...driver.dialect.createTables(states))
}

/** Run statements that define tables. */
export async function define(driver: MariadbDriver, ...statements: string[]): Promise<void> {
  await driver.define(async (executor) => {
    for (const sql of statements) await executor.execute(counting(sql), [])
  })
}

export function counting(sql: string) {
  return { sql, fetch: 'count', access: 'write' } as const satisfies Query
}

export function reading(sql: string) {
  return { sql, fetch: 'rows', access: 'read' } as const satisfies Query
}
