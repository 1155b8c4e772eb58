import { textFor } from '../../column_type.ts'
import type { ColumnState, ForeignKeyState, TableState } from '../../ddl/table_state.ts'
import type { SQLValue } from '../../driver.ts'
import { DatabaseError } from '../../errors.ts'
import { isConvertible } from '../compare.ts'
import { isInUnique } from '../diff_parts.ts'
import type { Renames } from '../renames.ts'
import { plainName, type Schema } from '../schema.ts'
import type { SchemaConnection } from '../schema_connection.ts'
import { Random } from './random.ts'
import { randomValue } from './random_value.ts'
import { insertStored, readRows, type StoredValues, toText } from './rows.ts'

/** Where rows are to live, now and after the change. */
export interface SeedRequest {
  readonly from: Schema
  readonly to: Schema
  readonly renames: Renames
  /** Tables that get no rows. */
  readonly empty: ReadonlySet<string>
  readonly seed: number
}

const ROWS_PER_TABLE = 200

/** Fill the tables with rows that fit both states. @returns how many there are */
export async function seedRows(
  connection: SchemaConnection,
  request: SeedRequest,
): Promise<number> {
  const seeder = new Seeder(connection, request)
  // Elsewhere a row that is refused would end the transaction.
  const isWhole = connection.schema.dialect.name === 'sqlite'
  if (isWhole) await connection.begin(() => {})
  let count = 0
  for (const table of parentsFirst(request.from)) count += await seeder.fill(table)
  if (isWhole) await connection.commit()
  return count
}

class Seeder {
  readonly #connection: SchemaConnection
  readonly #request: SeedRequest
  readonly #random: Random
  readonly #rows = new Map<string, readonly StoredValues[]>()

  constructor(connection: SchemaConnection, request: SeedRequest) {
    this.#connection = connection
    this.#request = request
    this.#random = new Random(request.seed)
  }

  async fill(table: TableState): Promise<number> {
    if (this.#request.empty.has(table.name)) return 0
    const target = targetOf(table, this.#request)
    const seen = uniquesOf(table, target).map((columns) => ({ columns, keys: new Set<string>() }))
    const made = Array.from({ length: ROWS_PER_TABLE }, () => this.#makeRow(table, target))
    const fresh = made.filter(
      (row) => row && seen.every(({ columns, keys }) => isFresh(row, columns, keys)),
    )
    await this.#insert(
      table,
      fresh.filter((row) => row !== undefined),
    )
    await this.#removeMisfits(table, target)
    const rows = await readRows(this.#connection, table)
    this.#rows.set(table.name, rows)
    return rows.length
  }

  /** All at once, or by halves where one of them is refused; a single one that a check refuses is not missed. */
  async #insert(
    table: TableState,
    rows: readonly Readonly<Record<string, SQLValue>>[],
  ): Promise<void> {
    const [first] = rows
    if (!first) return
    try {
      const isAlone = rows.length === 1 || Object.keys(first).length > 0
      if (isAlone) return await insertStored(this.#connection, table.name, rows)
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error
      if (rows.length === 1) return
    }
    const half = Math.ceil(rows.length / 2)
    await this.#insert(table, rows.slice(0, half))
    await this.#insert(table, rows.slice(half))
  }

  /** Rows that the checks to come refuse. */
  async #removeMisfits(table: TableState, target: TableState | undefined): Promise<void> {
    const { dialect } = this.#connection.schema
    for (const { sql } of target?.checks ?? []) {
      const text = `delete from ${table.name} where not (${textFor(dialect.name, sql)})`
      // It may name a column that is yet to come.
      await this.#connection.execute(text).catch(() => {})
    }
  }

  #makeRow(
    table: TableState,
    target: TableState | undefined,
  ): Record<string, SQLValue> | undefined {
    const row: Record<string, SQLValue> = {}
    const { dialect } = this.#connection.schema
    for (const column of table.columns) {
      if (column.isAuto) continue
      const fresh = target?.columns.find(({ name }) => name === column.name)
      const isKept = fresh && isConvertible(column.type, fresh.type)
      if (column.isNullable && mayBeNull(fresh, target) && this.#random.isOne(6)) {
        row[column.name] = null
        continue
      }
      const value = randomValue(this.#random, isKept ? narrower(column, fresh) : column.type)
      const isWidened = column.type.name === 'bigint' && typeof value === 'number'
      const bound = isWidened ? BigInt(value) : value
      row[column.name] = dialect.storageOf(column.name, column.type).bind(bound)
    }
    const keys = [...table.foreignKeys, ...(target?.foreignKeys ?? [])]
    return keys.every((key) => this.#refer(row, table, key)) ? row : undefined
  }

  /** Let the row refer to one that is there, or to none. */
  #refer(row: Record<string, SQLValue>, table: TableState, key: ForeignKeyState): boolean {
    const parents = this.#rows.get(key.table) ?? []
    const isKnown = key.columns.every((name) => table.columns.some((each) => each.name === name))
    if (!isKnown) return true
    const parent = this.#random.pick(parents)
    const nullable = key.columns.filter((name) =>
      table.columns.some((each) => each.name === name && each.isNullable),
    )
    if (
      !parent ||
      !key.refersTo.every((name) => name in parent) ||
      (nullable.length > 0 && this.#random.isOne(8))
    ) {
      for (const name of nullable) row[name] = null
      return nullable.length > 0
    }
    for (const [i, name] of key.columns.entries()) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it came from the database
      row[name] = parent[key.refersTo[i] ?? ''] as SQLValue
    }
    return true
  }
}

/** The table as it will be, with the names of now; undefined when it goes. */
function targetOf(table: TableState, { to, renames }: SeedRequest): TableState | undefined {
  const found = to.get(renames.tables.get(table.name) ?? table.name)
  if (!found) return undefined
  const names = new Map(
    [...(renames.columns.get(table.name) ?? [])].map(([old, fresh]) => [fresh, old]),
  )
  const oldTables = new Map([...renames.tables].map(([old, fresh]) => [fresh, old]))
  const toOld = (name: string) => names.get(plainName(name)) ?? plainName(name)
  const listed = <T extends { readonly columns: readonly string[] }>(each: T): T => ({
    ...each,
    columns: each.columns.map(toOld),
  })
  return {
    ...found,
    columns: found.columns.map((each) => ({ ...each, name: toOld(each.name) })),
    primaryKey: found.primaryKey.map(toOld),
    uniques: found.uniques.map(listed),
    indexes: found.indexes.map(listed),
    foreignKeys: found.foreignKeys.map((key) => ({
      ...listed(key),
      table: oldTables.get(key.table) ?? key.table,
    })),
  }
}

/** Null may stay, or be filled, unless nobody could say with what. */
function mayBeNull(fresh: ColumnState | undefined, target: TableState | undefined): boolean {
  if (!fresh || !target || fresh.isNullable) return true
  const isKey = target.foreignKeys.some(({ columns }) => columns.includes(fresh.name))
  return !isKey && !isInUnique(target, fresh.name)
}

/** The type whose values are values of both. */
function narrower({ type }: ColumnState, { type: fresh }: ColumnState) {
  if (fresh.name === 'enumeration' && type.name !== 'enumeration') return fresh
  if (type.name === 'text' && fresh.name === 'string') return fresh
  if (type.name === 'bigint' && fresh.name === 'integer') return fresh
  if (type.name === 'string' && fresh.name === 'string') {
    return { name: 'string', maxLength: Math.min(type.maxLength, fresh.maxLength) } as const
  }
  if (type.name !== 'decimal' || fresh.name !== 'decimal') return type
  const scale = Math.min(type.scale, fresh.scale)
  const whole = Math.min(type.precision - type.scale, fresh.precision - fresh.scale)
  return { name: 'decimal', precision: Math.max(whole + scale, 1), scale } as const
}

/** The columns that must be different, now or then. */
function uniquesOf(table: TableState, target: TableState | undefined): (readonly string[])[] {
  return [table, target].flatMap((each) => {
    if (!each) return []
    const indexes = each.indexes.filter(({ isUnique }) => isUnique)
    return [
      each.primaryKey,
      ...each.uniques.map((one) => one.columns),
      ...indexes.map((one) => one.columns.map(plainName)),
    ]
  })
}

function isFresh(
  row: Readonly<Record<string, SQLValue>>,
  columns: readonly string[],
  keys: Set<string>,
): boolean {
  const values = columns.map((name) => row[name])
  if (values.some((value) => value === null || value === undefined)) return true
  const key = values.map(toText).join('\0')
  if (keys.has(key)) return false
  keys.add(key)
  return true
}

/** As far as tables do not refer to each other. */
function parentsFirst(schema: Schema): TableState[] {
  const ordered = new Set<TableState>()
  const entered = new Set<string>()
  const visit = (name: string): void => {
    const table = schema.get(name)
    if (!table || entered.has(name)) return
    entered.add(name)
    for (const key of table.foreignKeys) visit(key.table)
    ordered.add(table)
  }
  for (const name of schema.keys()) visit(name)
  return [...ordered]
}
