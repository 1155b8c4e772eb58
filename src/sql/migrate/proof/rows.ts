import { sql } from 'kysely'
import type { TableState } from '../../ddl/table_state.ts'
import type { Dialect } from '../../dialect.ts'
import type { SQLValue } from '../../driver.ts'
import type { SchemaConnection } from '../schema_connection.ts'

/** A row as it is stored, by the names of its columns. */
export type StoredValues = Readonly<Record<string, unknown>>

/** All rows of a table, as they are stored. */
export async function readRows(
  connection: SchemaConnection,
  table: TableState,
): Promise<StoredValues[]> {
  const { dialect } = connection.schema
  const columns = table.columns.map(({ name, type }) => {
    const column = sql.ref(`${table.name}.${name}`)
    return sql`${dialect.storageOf(name, type).select?.(column) ?? column}`.as(name)
  })
  const query = dialect.compiler.selectFrom(table.name).select(columns).compile()
  const rows = await connection.execute(query.sql)
  const names = table.columns.map(({ name }) => name)
  return rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]])))
}

/** Insert rows of values that are bound already, with the same columns. */
export async function insertStored(
  connection: SchemaConnection,
  table: string,
  rows: readonly Readonly<Record<string, SQLValue>>[],
): Promise<void> {
  const { compiler, name } = connection.schema.dialect
  const isEmpty = rows.every((row) => Object.keys(row).length === 0)
  if (isEmpty && name === 'mariadb') {
    await connection.execute(`insert into ${table} () values ()`)
    return
  }
  const insert = compiler.insertInto(table)
  const query = isEmpty ? insert.defaultValues().compile() : insert.values(rows).compile()
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the values that were given
  await connection.execute(query.sql, query.parameters as readonly SQLValue[])
}

/** A stored value as text, so that rows can be compared. */
export function toText(value: unknown): string {
  if (value instanceof Uint8Array) return `x${Buffer.from(value).toString('hex')}`
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  return JSON.stringify(value) ?? 'null'
}

/** Make tables in an empty database. */
export async function createAll(
  connection: SchemaConnection,
  tables: readonly TableState[],
): Promise<void> {
  const dialect: Dialect = connection.schema.dialect
  for (const text of dialect.createTables(tables)) await connection.execute(text)
}
