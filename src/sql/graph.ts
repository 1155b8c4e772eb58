import type { Executor, SQLValue, StoredRow } from './driver.ts'
import { compileRelated } from './compile_related.ts'
import type { Decode } from './decode.ts'
import type { Link, Through } from './link.ts'
import type { Wanted } from './plan.ts'
import { queryFor } from './query_for.ts'
import type { Table } from './table.ts'
import { type Apart, type Tree, treeOf } from './tree.ts'
import { paddedSize, pushList } from './value_list.ts'

type Row = Record<string, unknown>

/**
 * Load what did not come with rows: one statement for each relation, however many rows there are.
 *
 * @param rows with a member for each relation, which is filled
 */
export async function loadTree(
  executor: Executor,
  tree: Tree,
  rows: readonly object[],
): Promise<void> {
  if (tree.isWhole || rows.length === 0) return
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- decoded with a member for each relation
  const members = rows as readonly Row[]
  for (const { link, tree: inner } of tree.joined) {
    if (!inner.isWhole) await loadTree(executor, inner, joinedRows(members, link))
  }
  for (const apart of tree.apart) await loadApart(executor, tree.table, members, apart)
}

/** A copy of `row` with what it is related to. */
export async function withRelated<T extends object>(
  executor: Executor,
  table: Table,
  row: T,
  wanted: Wanted,
): Promise<T> {
  const whole = { ...row }
  await loadTree(executor, treeOf(table, wanted, { isAlone: true }), [whole])
  return whole
}

function joinedRows(rows: readonly Row[], { name }: Link): Row[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a row, or null
  return rows.map((row) => row[name] as Row | null).filter((row) => row !== null)
}

async function loadApart(
  executor: Executor,
  table: Table,
  rows: readonly Row[],
  { link, tree }: Apart,
): Promise<void> {
  const values = keysOf(table, rows, link)
  const found = values.length === 0 ? NOTHING : await find(executor, table, link, values, tree)
  if (link.isMany) attachMany(rows, link, found)
  else attachOne(rows, link, found)
  await loadTree(executor, tree, found.rows)
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
  tree: Tree,
): Promise<Found> {
  const shape = `${link.name} related ${paddedSize(values.length, table.dialect)}${tree.mark}`
  const compile = () => compileRelated(table, link, values.length, tree)
  const bound: SQLValue[] = []
  pushList(bound, values, table.dialect)
  const answer = executor.execute(queryFor(table, shape, compile, 'rows'), bound)
  const stored = answer instanceof Promise ? await answer : answer
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an object of columns and relations
  const rows = stored.map(tree.decode as Decode<Row>)
  const { through, to } = link
  return { rows, keys: through ? keysBehind(table, stored, through) : rows.map((row) => row[to]) }
}

/** The values of the row in between, which stand behind all else. */
function keysBehind(
  table: Table,
  stored: readonly StoredRow[],
  { model, from }: Through,
): unknown[] {
  const { decode } = table.other(model).column(from)
  return stored.map((row) => (decode ? decode(row.at(-1)) : row.at(-1)))
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
