import {
  DummyDriver,
  type Expression,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  sql,
} from 'kysely'
import type { AnyTables, Dialect, TextOperator, TextOperatorSQL } from '../dialect.ts'
import { createTables, dropTables, TYPES } from './ddl.ts'
import { bindAny, storageOf } from './storage.ts'

/** PostgreSQL: its own types, text by code point. */
export function postgresDialect(): Dialect {
  const compiler = new Kysely<AnyTables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  })
  return {
    name: 'postgresql',
    features: {
      returning: { insert: true, update: true },
      upsert: 'on conflict',
      rowLocks: true,
      maxValues: 65_535,
    },
    compiler,
    storageOf,
    bindAny,
    noLimit: 'all',
    createTables: (tables) => createTables(compiler, tables),
    dropTables,
    limit: (value) => sql<number>`${value}`,
    selectFromJSON: (json, type) =>
      sql`select value::${sql.raw(TYPES[type.name])} from jsonb_array_elements_text(${json}::jsonb)`,
    asText: (value) => sql`cast(${value} as text)`,
    order,
    countFrom,
    textOperator: (operator, value) =>
      operator === 'like' ? value.replaceAll('\\', String.raw`\\`) : value,
    textOperatorSQL: (operator) => TEXT_OPERATORS[operator],
  }
}

/** Null is the greatest here, so it must be told where to go; without null an index serves only without. */
function order(
  column: Expression<unknown>,
  isDescending: boolean,
  isNullable: boolean,
): Expression<unknown> {
  if (isDescending) return isNullable ? sql`${column} desc nulls last` : sql`${column} desc`
  return isNullable ? sql`${column} nulls first` : column
}

/** The server's own counter knows nothing of keys that it did not give. */
function countFrom(table: string, key: string): Expression<unknown> {
  const counter = sql`pg_get_serial_sequence(${sql.lit(`"${table}"`)}, ${sql.lit(key)})::regclass`
  const given = sql.ref(`${table}.${key}`)
  return sql`case when ${given} > coalesce(pg_sequence_last_value(${counter}), 0) then setval(${counter}, ${given}) end`
}

const TEXT_OPERATORS: Readonly<Record<TextOperator, TextOperatorSQL>> = {
  like: { infix: 'like' },
  startsWith: { infix: '^@' },
  contains: { call: 'strpos' },
}
