import {
  DummyDriver,
  Kysely,
  MysqlAdapter,
  MysqlIntrospector,
  MysqlQueryCompiler,
  sql,
} from 'kysely'
import type { ColumnType } from '../column_type.ts'
import type { AnyTables, Dialect, TextOperator, TextOperatorSQL } from '../dialect.ts'
import type { Server } from './connect.ts'
import { createTables, dropTables, typeText } from './ddl.ts'
import { bindAny, storageOf } from './storage.ts'

/** MariaDB and MySQL: InnoDB, text by code point, what a column may not hold refused by the database too. */
export function mariadbDialect(server: Server): Dialect {
  const isMariadb = server.kind === 'mariadb'
  return {
    name: 'mariadb',
    features: {
      returning: { insert: isMariadb, update: false },
      upsert: 'on duplicate key',
      rowLocks: true,
      maxValues: 65_535,
      // It reads JSON anew for each row, where it does not join with it.
      maxBoundList: 16_384,
    },
    compiler: new Kysely<AnyTables>({
      dialect: {
        createAdapter: () => (isMariadb ? new MariadbAdapter() : new MysqlAdapter()),
        createDriver: () => new DummyDriver(),
        createIntrospector: (db) => new MysqlIntrospector(db),
        createQueryCompiler: () => new MysqlQueryCompiler(),
      },
    }),
    storageOf,
    bindAny,
    noLimit: '18446744073709551615',
    createTables: (tables) => createTables(tables, server.kind),
    dropTables,
    limit: (value) => sql<number>`${value}`,
    selectFromJSON: (json, type) =>
      sql`select value from json_table(${json}, '$[*]' columns (value ${sql.raw(listedAs(type, server.kind))} path '$')) as list`,
    asText: (value) => sql`cast(${value} as char)`,
    order: (column, isDescending) => (isDescending ? sql`${column} desc` : sql`${column}`),
    textOperator,
    textOperatorSQL: (operator) => TEXT_OPERATORS[operator],
  }
}

/** The type of a value in a list, as it compares with a column. */
function listedAs(type: ColumnType, kind: Server['kind']): string {
  switch (type.name) {
    // A number with a fraction would be rounded to a whole one that is there.
    case 'integer':
      return 'double'
    // The type `json` would be the value's JSON text.
    case 'string':
    case 'enumeration':
    case 'json':
      return 'longtext'
    default:
      return typeText(type, kind)
  }
}

class MariadbAdapter extends MysqlAdapter {
  override get supportsReturning(): boolean {
    return true
  }
}

const TEXT_OPERATORS: Readonly<Record<TextOperator, TextOperatorSQL>> = {
  like: { infix: 'like' },
  startsWith: { infix: 'like' },
  contains: { call: 'instr' },
}

/** In a pattern `\` would make what follows it a plain character. */
function textOperator(operator: TextOperator, value: string): string {
  if (operator === 'contains') return value
  if (operator === 'like') return value.replaceAll('\\', '\\\\')
  return `${value.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
}
