import { didYouMean } from '../../lib/nearest.ts'
import type { ColumnState, TableState } from '../ddl/table_state.ts'
import { isConvertible } from './compare.ts'
import { MigrationError } from './errors.ts'
import type { Schema } from './schema.ts'

/** What has another name now; in place of something that went and something that came. */
export interface Renames {
  /** New names of tables, by the old ones. */
  readonly tables: ReadonlyMap<string, string>
  /** New names of columns by the old ones, by the old name of the table. */
  readonly columns: ReadonlyMap<string, ReadonlyMap<string, string>>
}

export const NO_RENAMES: Renames = { tables: new Map(), columns: new Map() }

/** Asks whether something was renamed. */
export type AskRename = (question: string) => Promise<boolean>

/**
 * Read `--rename`: `tasks.due:due_date,users:people`.
 *
 * @throws {MigrationError} when it is not understood, or names what is not there
 */
export function parseRenames(text: string, from: Schema, to: Schema): Renames {
  const tables = new Map<string, string>()
  const pairs = text.split(',').filter((each) => each.trim() !== '')
  const found = pairs.map((pair) => {
    const [, table = '', column, name = ''] =
      /^\s*(\w+)(?:\.(\w+))?:(?:\w+\.)?(\w+)\s*$/.exec(pair) ?? []
    if (table === '') {
      throw new MigrationError(
        `--rename is old:new or table.old:new, with commas between; not "${pair}".`,
      )
    }
    require('table', table, from.keys())
    if (column === undefined) {
      require('table of the models', name, to.keys())
      tables.set(table, name)
    }
    return { table, column, name }
  })
  const columns = new Map<string, Map<string, string>>()
  for (const { table, column, name } of found) {
    if (column === undefined) continue
    require(`column of "${table}"`, column, namesOf(from.get(table)))
    require(`column of the model "${table}"`, name, namesOf(to.get(tables.get(table) ?? table)))
    const known = columns.get(table) ?? new Map<string, string>()
    columns.set(table, known.set(column, name))
  }
  return { tables, columns }
}

function require(what: string, name: string, known: Iterable<string>): void {
  const names = [...known]
  if (names.includes(name)) return
  throw new MigrationError(`There is no ${what} "${name}".${didYouMean(name, names)}`)
}

/** Ask about everything that could be a rename. */
export async function askRenames(from: Schema, to: Schema, ask: AskRename): Promise<Renames> {
  const tables = await askTables(from, to, ask)
  const columns = new Map<string, ReadonlyMap<string, string>>()
  for (const table of from.values()) {
    const target = to.get(tables.get(table.name) ?? table.name)
    if (target) columns.set(table.name, await askColumns(table, target, ask))
  }
  return { tables, columns }
}

/** What went and came, and may be the same: for those who cannot be asked. */
export function possibleRenames(from: Schema, to: Schema): string[] {
  const tables = candidates([...from.values()], [...to.values()], isLikeTable)
  const columns = [...from.values()].flatMap((table) => {
    const target = to.get(table.name)
    if (!target) return []
    return candidates(table.columns, target.columns, isLikeColumn).map(
      ([old, fresh]) => `${table.name}.${old.name}:${fresh.name}`,
    )
  })
  return [...tables.map(([old, fresh]) => `${old.name}:${fresh.name}`), ...columns]
}

async function askTables(from: Schema, to: Schema, ask: AskRename): Promise<Map<string, string>> {
  const pairs = candidates([...from.values()], [...to.values()], isLikeTable)
  return askPairs(pairs, (old, fresh) => ask(`Was the table "${old}" renamed to "${fresh}"?`))
}

async function askColumns(
  table: TableState,
  target: TableState,
  ask: AskRename,
): Promise<Map<string, string>> {
  const pairs = candidates(table.columns, target.columns, isLikeColumn)
  return askPairs(pairs, (old, fresh) => ask(`Was "${table.name}.${old}" renamed to "${fresh}"?`))
}

type Pair = readonly [old: { readonly name: string }, fresh: { readonly name: string }]

async function askPairs(
  pairs: readonly Pair[],
  ask: (old: string, fresh: string) => Promise<boolean>,
): Promise<Map<string, string>> {
  const renamed = new Map<string, string>()
  for (const [old, fresh] of pairs) {
    if (renamed.has(old.name) || [...renamed.values()].includes(fresh.name)) continue
    if (await ask(old.name, fresh.name)) renamed.set(old.name, fresh.name)
  }
  return renamed
}

function candidates<T extends { readonly name: string }>(
  from: readonly T[],
  to: readonly T[],
  isLike: (a: T, b: T) => boolean,
): (readonly [T, T])[] {
  const gone = from.filter(({ name }) => to.every((each) => each.name !== name))
  const come = to.filter(({ name }) => from.every((each) => each.name !== name))
  return gone.flatMap((old) =>
    come.filter((fresh) => isLike(old, fresh)).map((fresh) => [old, fresh] as const),
  )
}

function isLikeColumn(a: ColumnState, b: ColumnState): boolean {
  return isConvertible(a.type, b.type) && a.isAuto === b.isAuto
}

/** At least half of the columns are in both. */
function isLikeTable(a: TableState, b: TableState): boolean {
  const shared = a.columns.filter((column) =>
    b.columns.some((each) => each.name === column.name && isLikeColumn(column, each)),
  )
  return shared.length * 2 >= Math.max(a.columns.length, b.columns.length)
}

function namesOf(table: TableState | undefined): string[] {
  return table?.columns.map(({ name }) => name) ?? []
}

/** The way back. */
export function inverse({ tables, columns }: Renames): Renames {
  return {
    tables: flipped(tables),
    columns: new Map(
      [...columns].map(([table, names]) => [tables.get(table) ?? table, flipped(names)]),
    ),
  }
}

function flipped(names: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...names].map(([from, to]) => [to, from]))
}
