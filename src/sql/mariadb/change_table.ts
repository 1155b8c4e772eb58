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
  const column = renaming?.kind === 'column' ? renaming : undefined
  const remade = changedIn(old.hidden, fresh.hidden).map(quoted)
  const stays = (text: string) => remade.every((name) => !text.includes(name))
  const kept = [...old.keys]
    .filter(([name, text]) => stays(text) && follow(text, column) === fresh.keys.get(name))
    .map(([name]) => name)
  const key = renaming?.kind === 'key' ? renaming : undefined
  const text = key && old.keys.get(key.from)
  const isFollowed =
    text !== undefined && stays(text) && follow(text, key) === fresh.keys.get(key?.to ?? '')
  const renamed = isFollowed ? key : undefined
  const drops = [...old.keys.keys()].filter(
    (name) => !kept.includes(name) && name !== renamed?.from,
  )
  const adds = [...fresh.keys].filter(([name]) => !kept.includes(name) && name !== renamed?.to)
  return {
    isRekeyed: follow(old.primaryKey, column) !== fresh.primaryKey,
    drops: [
      ...drops.map((name) => `drop key ${quoted(name)}`),
      ...(renamed ? [`rename key ${quoted(renamed.from)} to ${quoted(renamed.to)}`] : []),
      ...servedNow(old, fresh),
    ],
    adds: [...adds.map(([, added]) => `add ${added}`), ...unservedNow(old, fresh)],
  }
}

/** What the server makes of the text of a key by itself, when something that it names has another name. */
function follow(text: string | undefined, renaming: Renaming | undefined): string | undefined {
  return renaming ? text?.replaceAll(quoted(renaming.from), quoted(renaming.to)) : text
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
