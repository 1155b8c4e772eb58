import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  boolean,
  date,
  datetime,
  enumeration,
  float,
  id,
  integer,
  now,
  string,
  text,
} from '../../src/sql/columns.ts'
import { model } from '../../src/sql/model.ts'
import { Session, type SessionOwner } from '../../src/sql/session.ts'
import { statesOf } from '../../src/sql/ddl/state_of.ts'
import { openSqlite, type SqliteDriver } from '../../src/sql/sqlite/driver.ts'
import type { Table } from '../../src/sql/table.ts'
import { Tables } from '../../src/sql/tables.ts'

export const Thing = model('things', {
  id: id(),
  name: string(20),
  note: text().nullable(),
  size: integer().nullable(),
  weight: float().default(0),
  is_red: boolean().default(false),
  kind: enumeration(['small', 'big']).default('small'),
  day: date().nullable(),
  made_at: datetime().default(now).readOnly(),
  changed_at: datetime().default(now).onUpdate(now).readOnly(),
})

/** A folder that is gone when the test is over. */
export function temporaryDir(): Disposable & { path: string } {
  const path = mkdtempSync(join(tmpdir(), 'dewar-test-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/** A private database with the table of {@link Thing}. */
export async function openThings(waitMs = 1000): Promise<Opened> {
  const driver = await openSqlite({ path: undefined, synchronous: 'normal' }, { waitMs })
  const session = newSession(driver)
  for (const sql of driver.dialect.createTables(statesOf([Thing]))) {
    await session.execute({ sql, fetch: 'count', access: 'write' }, [])
  }
  await session.commit()
  const table = new Tables(driver.dialect, new Map()).of(Thing)
  return { driver, table, [Symbol.asyncDispose]: () => driver.close() }
}

interface Opened extends AsyncDisposable {
  readonly driver: SqliteDriver
  readonly table: Table<typeof Thing.columns>
}

export function newSession(driver: SqliteDriver, owner: Partial<SessionOwner> = {}): Session {
  return new Session(driver, { enlist: () => {}, label: () => 'a test', ...owner })
}
