import {
  type ColumnDefinitionBuilder,
  DummyDriver,
  Kysely,
  sql,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type { Column } from '../column.ts'
import type { AnyTables, Dialect, TextOperator, TextOperatorSQL } from '../dialect.ts'
import { DataError } from '../errors.ts'
import type { Model } from '../model.ts'
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
    compiler,
    storageOf,
    bindAny,
    createTable: (model) => [createTable(compiler, model)],
    dropTable: ({ table }) => [compiler.schema.dropTable(table).ifExists().compile().sql],
    // As a plain parameter SQLite would plan the statement anew for each value, which costs more than to run it.
    limit: (value) => sql<number>`${value} + 0`,
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

function createTable(compiler: Kysely<AnyTables>, model: Model): string {
  let table = compiler.schema.createTable(model.table).ifNotExists()
  for (const [name, column] of Object.entries<Column>(model.columns)) {
    table = table.addColumn(name, sql.raw(STORED_AS[column.type.name]), (built) =>
      describe(built, name, column),
    )
  }
  return table.modifyEnd(sql`strict`).compile().sql
}

const STORED_AS: Readonly<Record<Column['type']['name'], string>> = {
  integer: 'integer',
  float: 'real',
  string: 'text',
  text: 'text',
  boolean: 'integer',
  datetime: 'text',
  date: 'text',
  enumeration: 'text',
}

function describe(
  built: ColumnDefinitionBuilder,
  name: string,
  column: Column,
): ColumnDefinitionBuilder {
  if (column.presence === 'key') return built.primaryKey().autoIncrement()
  let described = column.isNullable ? built : built.notNull()
  if (column.isUnique) described = described.unique()
  if (column.presence === 'default' && column.initial !== null) {
    described = described.defaultTo(sql.lit(storageOf(name, column).bind(column.initial)))
  }
  const check = checkOf(name, column)
  if (check === undefined) return described
  return described.modifyEnd(sql`constraint ${sql.ref(`check_${name}`)} check (${check})`)
}

function checkOf(name: string, { type }: Column) {
  const column = sql.ref(name)
  if (type.name === 'string') return sql`length(${column}) <= ${sql.lit(type.maxLength)}`
  if (type.name === 'boolean') return sql`${column} in (0, 1)`
  if (type.name !== 'enumeration') return undefined
  return sql`${column} in (${sql.join(type.values.map((value) => sql.lit(value)))})`
}
