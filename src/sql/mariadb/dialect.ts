import {
  DummyDriver,
  Kysely,
  MysqlAdapter,
  MysqlIntrospector,
  MysqlQueryCompiler,
  sql,
} from 'kysely'
import type { AnyTables, Dialect, TextOperator, TextOperatorSQL } from '../dialect.ts'
import type { Server } from './connect.ts'
import { createTables, dropTables } from './ddl.ts'
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
    createTables: (tables) => createTables(tables, server.kind),
    dropTables,
    limit: (value) => sql<number>`${value}`,
    textOperator,
    textOperatorSQL: (operator) => TEXT_OPERATORS[operator],
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
