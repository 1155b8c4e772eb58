import type { Executor, SQLValue } from './driver.ts'
import { compileRelated } from './compile_related.ts'
import type { Link } from './link.ts'
import type { Wanted } from './plan.ts'
import { queryFor } from './query_for.ts'
import type { Decode, Table } from './table.ts'
import { paddedSize, pushList } from './value_list.ts'

type Row = Record<string, unknown>

/** The names of the relations that are loaded. @throws {TypeError} for one that is not there */
export function relationsIn(table: Table, wanted: Wanted): string[] {
  const names = Object.keys(wanted).filter((name) => wanted[name] !== undefined)
  for (const name of names) table.link(name)
  return names
}

/**
 * Load what rows are related to: one statement for each relation, however many rows there are.
 *
 * @param rows with a member for each relation, which is filled
 */
export async function loadGraph(
  executor: Executor,
  table: Table,
  rows: readonly object[],
  wanted: Wanted,
): Promise<void> {
  if (rows.length === 0) return
  for (const name of relationsIn(table, wanted)) {
    const inner = wanted[name]
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- decoded with a member for each relation
    await loadLink(executor, table, rows as Row[], table.link(name), inner === true ? {} : inner!)
  }
}

/** A copy of `row` with what it is related to. */
export async function withRelated<T extends object>(
  executor: Executor,
  table: Table,
  row: T,
  wanted: Wanted,
): Promise<T> {
  const whole = { ...row }
  await loadGraph(executor, table, [whole], wanted)
  return whole
}

async function loadLink(
  executor: Executor,
  table: Table,
  rows: readonly Row[],
  link: Link,
  wanted: Wanted,
): Promise<void> {
  const target = table.other(link.target)
  const keys = keysOf(table, rows, link)
  const found = keys.length === 0 ? [] : await find(executor, table, target, link, keys, wanted)
  if (link.isMany) attachMany(rows, link, found)
  else attachOne(rows, link, found)
  await loadGraph(
    executor,
    target,
    found.map(({ row }) => row),
    wanted,
  )
}

/** The values that lead to related rows, each once. */
function keysOf(table: Table, rows: readonly Row[], link: Link): SQLValue[] {
  const { compare } = table.column(link.from)
  const values = new Set<unknown>()
  for (const row of rows) {
    const value = row[link.from]
    if (value !== null) values.add(value)
  }
  return Array.from(values, (value) => compare(value))
}

/** A related row, and the value that leads to it. */
interface Found {
  readonly row: Row
  readonly key: unknown
}

async function find(
  executor: Executor,
  table: Table,
  target: Table,
  link: Link,
  keys: readonly SQLValue[],
  wanted: Wanted,
): Promise<Found[]> {
  const shape = `${link.name} related ${paddedSize(keys.length, table.dialect)}`
  const query = queryFor(table, shape, () => compileRelated(table, link, keys.length), 'rows')
  const values: SQLValue[] = []
  pushList(values, keys, table.dialect)
  const stored = await executor.execute(query, values)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an object of columns and relations
  const decode = target.decoderOf(target.columns, relationsIn(target, wanted)) as Decode<Row>
  if (!link.through) return stored.map((each) => toFound(decode(each), link.to))
  const { from, model } = link.through
  const own = table.other(model).column(from)
  return stored.map((each) => {
    const key = each[target.columns.length]
    return { row: decode(each), key: own.decode ? own.decode(key) : key }
  })
}

function toFound(row: Row, name: string): Found {
  return { row, key: row[name] }
}

function attachOne(rows: readonly Row[], link: Link, found: readonly Found[]): void {
  const byKey = new Map(found.map(({ key, row }) => [key, row]))
  for (const row of rows) row[link.name] = byKey.get(row[link.from]) ?? null
}

function attachMany(rows: readonly Row[], link: Link, found: readonly Found[]): void {
  const lists = new Map<unknown, Row[]>()
  for (const row of rows) {
    const key = row[link.from]
    let list = lists.get(key)
    if (!list) lists.set(key, (list = []))
    row[link.name] = list
  }
  for (const { key, row } of found) lists.get(key)?.push(row)
}
