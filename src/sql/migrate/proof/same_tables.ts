import { isDeepStrictEqual } from 'node:util'
import type { TableState } from '../../ddl/table_state.ts'
import { OWN_TABLES } from '../version_table.ts'

/** How two databases differ, in words; nothing where they do not. The order of tables and columns does not count. */
export function differencesOf(
  found: readonly TableState[],
  expected: readonly TableState[],
): string[] {
  const there = byName(found.filter(isOfApp))
  const wanted = byName(expected.filter(isOfApp))
  const names = [...new Set([...there.keys(), ...wanted.keys()])]
  return names.flatMap((name) => tableDifferences(name, there.get(name), wanted.get(name)))
}

function isOfApp({ name }: Named): boolean {
  return !OWN_TABLES.has(name)
}

function tableDifferences(
  name: string,
  found: TableState | undefined,
  expected: TableState | undefined,
): string[] {
  if (!found) return [`the table ${name} is missing`]
  if (!expected) return [`there is a table ${name} that should not be there`]
  const lists = ['columns', 'uniques', 'indexes', 'checks', 'foreignKeys'] as const
  const differences = lists.flatMap((list) => listDifferences(name, found[list], expected[list]))
  if (!isDeepStrictEqual(found.primaryKey, expected.primaryKey)) {
    differences.push(
      `the primary key of ${name} is ${found.primaryKey.join(', ')}, not ${expected.primaryKey.join(', ')}`,
    )
  }
  if (found.comment !== expected.comment) differences.push(`the comment of ${name} is another`)
  return differences
}

type Named = { readonly name: string }

function listDifferences(
  table: string,
  found: readonly Named[],
  expected: readonly Named[],
): string[] {
  const there = byName(found)
  const wanted = byName(expected)
  return [...new Set([...there.keys(), ...wanted.keys()])].flatMap((name) => {
    const one = there.get(name)
    const other = wanted.get(name)
    if (isDeepStrictEqual(one, other)) return []
    if (!one) return [`${table} has no ${name}`]
    if (!other) return [`${table} has a ${name} that should not be there`]
    return [`${table}.${name} is ${JSON.stringify(one)}, not ${JSON.stringify(other)}`]
  })
}

function byName<T extends Named>(list: readonly T[]): Map<string, T> {
  return new Map(list.map((each) => [each.name, each]))
}
