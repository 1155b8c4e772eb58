import type { TableState } from '../ddl/table_state.ts'
import { type Parts, partsOf } from './parts.ts'
import { literal, quoted } from './quoting.ts'

/** A column or a key that has another name afterwards. */
export interface Renaming {
  readonly kind: 'column' | 'key'
  readonly from: string
  readonly to: string
}

/**
 * The one statement that makes a table another one, or none where the server keeps both alike.
 * As it is one, a crash leaves the table as it was or as it will be.
 */
export function changeTable(before: TableState, after: TableState, renaming?: Renaming): string[] {
  const old = partsOf(before)
  const fresh = partsOf(after)
  const keys = keyChanges(old, fresh, renaming)
  const clauses = [
    ...goneFrom(old.foreignKeys, fresh.foreignKeys).map(
      (name) => `drop foreign key ${quoted(name)}`,
    ),
    ...changedIn(old.checks, fresh.checks).map((name) => `drop constraint ${quoted(name)}`),
    ...keys.drops,
    ...(old.primaryKey !== undefined && keys.isRekeyed ? ['drop primary key'] : []),
    ...changedIn(old.hidden, fresh.hidden).map((name) => `drop column ${quoted(name)}`),
    ...columnClauses(old, fresh, renaming),
    ...addedTo(old.hidden, fresh.hidden).map((text) => `add column ${text}`),
    ...(fresh.primaryKey !== undefined && keys.isRekeyed ? [`add ${fresh.primaryKey}`] : []),
    ...keys.adds,
    ...addedTo(old.checks, fresh.checks).map((text) => `add ${text}`),
    ...goneFrom(fresh.foreignKeys, old.foreignKeys).map(
      (name) => `add ${fresh.foreignKeys.get(name)}`,
    ),
    ...(old.comment === fresh.comment ? [] : [`comment = ${literal(fresh.comment ?? '')}`]),
  ]
  return clauses.length === 0 ? [] : [`alter table ${quoted(after.name)} ${clauses.join(', ')}`]
}

function columnClauses(old: Parts, fresh: Parts, renaming: Renaming | undefined): string[] {
  const [from, to] = renaming?.kind === 'column' ? [renaming.from, renaming.to] : []
  const gone = goneFrom(old.columns, fresh.columns).filter((name) => name !== from)
  const drops = gone.map((name) => `drop column ${quoted(name)}`)
  const rest = [...fresh.columns].flatMap(([name, text]) => {
    if (name === to && from !== undefined) return `change column ${quoted(from)} ${text}`
    const was = old.columns.get(name)
    if (was === text) return []
    return was === undefined ? `add column ${text}` : `modify column ${text}`
  })
  return [...drops, ...rest]
}

interface KeyChanges {
  readonly isRekeyed: boolean
  readonly drops: readonly string[]
  readonly adds: readonly string[]
}

function keyChanges(old: Parts, fresh: Parts, renaming: Renaming | undefined): KeyChanges {
  const isRemade = (text: string) =>
    changedIn(old.hidden, fresh.hidden).some((name) => text.includes(quoted(name)))
  // The server itself follows a new name; a key on a hidden column that goes is made anew.
  const kept = new Map<string, string>()
  const renames: string[] = []
  for (const [name, text] of old.keys) {
    if (isRemade(text)) continue
    const followed = renaming ? text.replaceAll(quoted(renaming.from), quoted(renaming.to)) : text
    const isRenamed = renaming?.kind === 'key' && renaming.from === name
    if (isRenamed) renames.push(`rename key ${quoted(name)} to ${quoted(renaming.to)}`)
    kept.set(isRenamed ? renaming.to : name, renaming ? followed : text)
  }
  const renamed = renames.length === 0 ? undefined : renaming?.from
  const drops = [...old.keys.keys()].filter(
    (name) => name !== renamed && kept.get(name) !== fresh.keys.get(name),
  )
  const adds = [...fresh.keys].filter(([name, text]) => kept.get(name) !== text)
  const follow = (text: string | undefined) =>
    renaming?.kind === 'column'
      ? text?.replaceAll(quoted(renaming.from), quoted(renaming.to))
      : text
  return {
    isRekeyed: follow(old.primaryKey) !== fresh.primaryKey,
    drops: [
      ...drops.map((name) => `drop key ${quoted(name)}`),
      ...renames,
      ...servedNow(old, fresh),
    ],
    adds: [...adds.map(([, text]) => `add ${text}`), ...unservedNow(old, fresh)],
  }
}

/** Keys that foreign keys do not need any more. */
function servedNow(old: Parts, fresh: Parts): string[] {
  return goneFrom(old.servingKeys, fresh.servingKeys).map(
    (name) => `drop key if exists ${quoted(name)}`,
  )
}

/** Keys that foreign keys need from now on; for a new one the server makes it. */
function unservedNow(old: Parts, fresh: Parts): string[] {
  return goneFrom(fresh.servingKeys, old.servingKeys)
    .filter((name) => old.foreignKeys.has(name))
    .map((name) => `add ${fresh.servingKeys.get(name)}`)
}

type Texts = ReadonlyMap<string, string>

/** Names that the other has not. */
function goneFrom(old: Texts, fresh: Texts): string[] {
  return [...old.keys()].filter((name) => !fresh.has(name))
}

/** Names of what is not there afterwards as it was. */
function changedIn(old: Texts, fresh: Texts): string[] {
  return [...old].filter(([name, text]) => fresh.get(name) !== text).map(([name]) => name)
}

/** Texts of what was not there like this. */
function addedTo(old: Texts, fresh: Texts): string[] {
  return [...fresh].filter(([name, text]) => old.get(name) !== text).map(([, text]) => text)
}
