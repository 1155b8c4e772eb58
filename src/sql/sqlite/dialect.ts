import {
  DummyDriver,
  Kysely,
  sql,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type { AnyTables, Dialect, TextOperator, TextOperatorSQL } from '../dialect.ts'
import { DataError } from '../errors.ts'
import { createTable } from './ddl.ts'
import { bindAny, storageOf } from './storage.ts'

/** SQLite: strict tables, text by code point, everything that a column may not hold checked by the database too. */
export function sqliteDialect(): Dialect {
  const compiler = new Kysely<AnyTables>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  })
  return {
    name: 'sqlite',
    features: {
      returning: { insert: true, update: true },
      upsert: 'on conflict',
      rowLocks: false,
      maxValues: 32_766,
    },
    compiler,
    storageOf,
    bindAny,
    noLimit: '-1',
    createTables: (tables) => tables.flatMap((table) => createTable(compiler, table)),
    // Tables may refer to each other in a circle.
    dropTables: (tables) => [
      'pragma defer_foreign_keys = on',
      ...tables
        .toReversed()
        .map(({ name }) => compiler.schema.dropTable(name).ifExists().compile().sql),
    ],
    // As a plain parameter SQLite would plan the statement anew for each value, which costs more than to run it.
    limit: (value) => sql<number>`${value} + 0`,
    selectFromJSON: (json) => sql`select value from json_each(${json})`,
    asText: (value) => sql`cast(${value} as text)`,
    order: (column, isDescending) => (isDescending ? sql`${column} desc` : sql`${column}`),
    textOperator,
    textOperatorSQL: (operator) => TEXT_OPERATORS[operator],
  }
}

// SQLite's LIKE ignores the case of a to z, which no other database does; GLOB does not.
const TEXT_OPERATORS: Readonly<Record<TextOperator, TextOperatorSQL>> = {
  like: { infix: 'glob' },
  startsWith: { infix: 'glob' },
  contains: { call: 'instr' },
}

/** SQLite's own limit for patterns. */
const MAX_PATTERN_BYTES = 50_000

function textOperator(operator: TextOperator, value: string): string {
  if (operator === 'contains') return value
  const literal = value.replaceAll(/[*?[]/g, '[$&]')
  const pattern =
    operator === 'startsWith' ? `${literal}*` : literal.replaceAll('%', '*').replaceAll('_', '?')
  if (Buffer.byteLength(pattern) <= MAX_PATTERN_BYTES) return pattern
  throw new DataError(`"${operator}" takes at most ${MAX_PATTERN_BYTES} bytes.`)
}
