import { readBigInt, readBoolean, readDate, readInteger, readNumber } from './scalars.ts'
import { type AnySchema, type Definition, definitionOf, isInteger, leafOf } from './traverse.ts'

/** Reads one text as what a schema wants; undefined when the text is not that. */
type Reader = (text: string) => unknown
/** Converts all that was given for a field: one value, or a list of them. A value that is not text, such as a file, stays. */
export type Coercer = (given: unknown) => unknown

/**
 * How text becomes what `schema` wants, seen through `optional`, `nullable`, defaults, `catch`, pipes and `lazy`.
 *
 * | the schema wants | text that is taken | repeated |
 * |---|---|---|
 * | a string | as it is, `''` too | the first |
 * | a whole number (`z.int()`, `z.bigint()`) | `42`, ` -7 `, `1_000`, digits of any script; never rounded | the first |
 * | a number | `1.5`, `-2e3`, `.5`; finite, decimal | the first |
 * | a boolean | `true t yes y on 1`, `false f no n off 0`, in any case | the first |
 * | a date | ISO 8601 date, or date and time; in UTC without a zone | the first |
 * | an enum or literal | a string among the values, else read as the numbers, booleans or big integers among them | the first |
 * | a union | by the first member, in the order of the schema, that can read it | all, if a member is a list |
 * | an array, tuple or set | a list of one; in a header, its parts between commas | all, each read as an item |
 * | an object, a record, anything else | as it is | the first |
 *
 * Text that cannot be read stays text, for which the schema then has a message or, with `catch`, a value. So does
 * `''` for all but strings. A field that is absent stays absent.
 */
export function coercerFor(schema: AnySchema, splitsCommas = false): Coercer {
  const list = listCoercer(schema, splitsCommas)
  const read = readerFor(schema)
  const readFirst: Coercer = (given) => readOrKeep(Array.isArray(given) ? given[0] : given, read)
  if (!list) return readFirst
  const members = definitionOf(leafOf(schema)).options ?? []
  if (members.every((member) => listCoercer(member, splitsCommas))) return list
  return (given) => (Array.isArray(given) ? list(given) : readFirst(given))
}

function readOrKeep(value: unknown, read: Reader | undefined): unknown {
  if (read === undefined || typeof value !== 'string') return value
  const result = read(value)
  return result === undefined ? value : result
}

function listCoercer(schema: AnySchema, splitsCommas: boolean): Coercer | undefined {
  const leaf = leafOf(schema)
  const def = definitionOf(leaf)
  if (def.type === 'union') {
    const member = def.options?.find((option) => listCoercer(option, splitsCommas))
    return member && listCoercer(member, splitsCommas)
  }
  const itemAt = itemSchemas(def)
  if (!itemAt) return undefined
  const toItems = (given: unknown): unknown[] => {
    const items = Array.isArray(given) ? given : splitsCommas ? splitList(given) : [given]
    return items.map((item, i) => readOrKeep(item, itemAt(i)))
  }
  return def.type === 'set' ? (given) => new Set(toItems(given)) : toItems
}

/** @returns the reader of the item at an index, for a schema that holds items */
function itemSchemas({
  type,
  element,
  valueType,
  items,
  rest,
}: Definition): ((i: number) => Reader | undefined) | undefined {
  if (type === 'tuple') {
    const readers = items?.map(readerFor) ?? []
    const readRest = rest ? readerFor(rest) : undefined
    return (i) => (i < readers.length ? readers[i] : readRest)
  }
  const item = type === 'array' ? element : type === 'set' ? valueType : undefined
  if (!item) return undefined
  const read = readerFor(item)
  return () => read
}

/** A list as headers have it (RFC 9110, 5.6.1); empty parts do not count. */
function splitList(given: unknown): unknown[] {
  if (typeof given !== 'string') return [given]
  return given
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

/** @returns undefined when text stays as it is */
function readerFor(schema: AnySchema): Reader | undefined {
  const leaf = leafOf(schema)
  const def = definitionOf(leaf)
  const read = def.type === 'number' && isInteger(leaf) ? readInteger : READERS[def.type]
  if (read) return def.coerce && def.type !== 'boolean' ? (text) => read(text) ?? Number.NaN : read
  if (def.type === 'enum') return choiceReader(Object.values(def.entries ?? {}))
  if (def.type === 'literal') return choiceReader(def.values ?? [])
  if (def.type === 'union') return unionReader(def.options ?? [])
  if (def.type === 'intersection') return unionReader([def.left!, def.right!])
  return undefined
}

const READERS: Readonly<Partial<Record<string, Reader>>> = {
  number: readNumber,
  bigint: readBigInt,
  boolean: readBoolean,
  date: readDate,
}

/** @returns undefined when all choices are strings, which are read by being there */
function choiceReader(choices: readonly unknown[]): Reader | undefined {
  const readers = Object.keys(READERS).filter((type) =>
    choices.some((each) => typeof each === type),
  )
  if (readers.length === 0) return undefined
  return (text) => {
    if (choices.includes(text)) return text
    const readings = readers.map((type) => READERS[type]!(text))
    return readings.find((reading) => reading !== undefined && choices.includes(reading))
  }
}

function unionReader(members: readonly AnySchema[]): Reader | undefined {
  const readers = members.map(memberReader)
  return (text) => {
    for (const read of readers) {
      const result = read(text)
      if (result !== undefined) return result
    }
    return undefined
  }
}

/** Among others, text that stays text has to fit its member: `z.union([z.literal('all'), z.int()])`. */
function memberReader(member: AnySchema): Reader {
  const read = readerFor(member)
  return read ?? ((text) => (isString(member, text) ? text : undefined))
}

function isString(member: AnySchema, text: string): boolean {
  try {
    const result = leafOf(member)._zod.run({ value: text, issues: [] }, { async: false })
    return !(result instanceof Promise) && result.issues.length === 0
  } catch {
    return true
  }
}
