import type { DialectName } from './column_type.ts'
import type { Driver, Query } from './driver.ts'

/** How long what was read is believed: others may add a trigger at any time. */
const MAX_AGE_MS = 60_000

/** The schema that a statement means which names none. SQLite tells of each statement what it touches. */
const SCHEMAS: Readonly<Partial<Record<DialectName, string>>> = {
  postgresql: 'current_schema()',
  mariadb: 'database()',
}

/** What a server has besides the models' tables: views, and triggers, which make a statement touch more than it names. */
export class Catalogue {
  readonly #driver: () => Driver
  #opaque: ReadonlySet<string> | undefined = undefined
  #readAt = 0
  #reading: Promise<void> | undefined = undefined

  constructor(driver: () => Driver) {
    this.#driver = driver
  }

  /** Whether `table` is a table without triggers; not, as long as that is not known. */
  isPlain(table: string): boolean {
    if (performance.now() - this.#readAt > MAX_AGE_MS) void this.read()
    return this.#opaque?.has(table) === false
  }

  /** Something was changed: what was read before counts no more. */
  async forget(): Promise<void> {
    await this.#reading
    this.#opaque = undefined
    await this.read()
  }

  /** Never throws: what cannot be read stays unknown. */
  read(): Promise<void> {
    this.#reading ??= this.#readOnce()
    return this.#reading
  }

  async #readOnce(): Promise<void> {
    try {
      this.#opaque = await this.#ask()
    } catch {
      this.#opaque = undefined
    } finally {
      this.#readAt = performance.now()
      this.#reading = undefined
    }
  }

  async #ask(): Promise<ReadonlySet<string> | undefined> {
    const driver = this.#driver()
    const schema = SCHEMAS[driver.dialect.name]
    if (schema === undefined) return undefined
    const sql =
      `select table_name from information_schema.views where table_schema = ${schema} union ` +
      `select event_object_table from information_schema.triggers where event_object_schema = ${schema}`
    const query: Query & { fetch: 'rows' } = { sql, fetch: 'rows', access: 'read' }
    const rows = await driver.reader.execute(query, [])
    return new Set(rows.map(([name]) => String(name)))
  }
}
