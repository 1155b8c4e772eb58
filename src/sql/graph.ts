import type { Executor, SQLValue, StoredRow } from './driver.ts'
import { compileRelated } from './compile_related.ts'
import type { Link, Through } from './link.ts'
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
  const values = keysOf(table, rows, link)
  const found = values.length === 0 ? NOTHING : await find(executor, table, link, values, wanted)
  if (link.isMany) attachMany(rows, link, found)
  else attachOne(rows, link, found)
  await loadGraph(executor, target, found.rows, wanted)
}

/** The values that lead to related rows, each once. */
function keysOf(table: Table, rows: readonly Row[], link: Link): SQLValue[] {
  const { compare } = table.column(link.from)
  const values = new Set<unknown>()
  for (const row of rows) values.add(row[link.from])
  values.delete(null)
  return Array.from(values, (value) => compare(value))
}

/** Related rows, and for each the value that leads to it. */
interface Found {
  readonly rows: readonly Row[]
  readonly keys: readonly unknown[]
}

const NOTHING: Found = { rows: [], keys: [] }

async function find(
  executor: Executor,
  table: Table,
  link: Link,
  values: readonly SQLValue[],
  wanted: Wanted,
): Promise<Found> {
  const target = table.other(link.target)
  const shape = `${link.name} related ${paddedSize(values.length, table.dialect)}`
  const query = queryFor(table, shape, () => compileRelated(table, link, values.length), 'rows')
  const bound: SQLValue[] = []
  pushList(bound, values, table.dialect)
  const stored = await executor.execute(query, bound)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an object of columns and relations
  const decode = target.decoderOf(target.columns, relationsIn(target, wanted)) as Decode<Row>
  const rows = stored.map(decode)
  return {
    rows,
    keys: link.through
      ? keysBehind(table, target, stored, link.through)
      : rows.map((row) => row[link.to]),
  }
}

/** The values of the row in between, which stand behind the columns. */
function keysBehind(
  table: Table,
  target: Table,
  stored: readonly StoredRow[],
  { model, from }: Through,
): unknown[] {
  const { decode } = table.other(model).column(from)
  const at = target.columns.length
  return stored.map((row) => (decode ? decode(row[at]) : row[at]))
}

function attachOne(rows: readonly Row[], { name, from }: Link, found: Found): void {
  const byKey = new Map<unknown, Row>()
  found.rows.forEach((row, i) => byKey.set(found.keys[i], row))
  for (const row of rows) row[name] = byKey.get(row[from]) ?? null
}

function attachMany(rows: readonly Row[], { name, from }: Link, found: Found): void {
  const lists = new Map<unknown, Row[]>()
  for (const row of rows) {
    const key = row[from]
    let list = lists.get(key)
    if (!list) lists.set(key, (list = []))
    row[name] = list
  }
  found.rows.forEach((row, i) => lists.get(found.keys[i])?.push(row))
}
