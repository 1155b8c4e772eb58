/** What a query may hold: a list repeats its name, nothing leaves the name out. */
export type QueryValue =
  | string
  | number
  | boolean
  | bigint
  | Date
  | null
  | undefined
  | readonly QueryValue[]

/**
 * Percent-encode all that may not stand in the path of a URL; slashes stay.
 *
 * @throws {URIError} when `text` is not well-formed Unicode
 */
export function encodePath(text: string): string {
  return encodeURI(text).replaceAll(/[?#]/g, encodeURIComponent)
}

/**
 * Write a query, form-encoded (a space is `+`); without its `?`.
 *
 * @throws {TypeError} when a value is no finite number, no valid date, or not well-formed Unicode
 */
export function encodeQuery(query: Readonly<Record<string, QueryValue>>): string {
  const pairs: string[] = []
  for (const [name, value] of Object.entries(query)) addPairs(pairs, name, value)
  return pairs.join('&')
}

function addPairs(pairs: string[], name: string, value: QueryValue): void {
  if (isList(value)) {
    for (const item of value) addPairs(pairs, name, item)
  } else if (value !== null && value !== undefined) {
    pairs.push(`${encodeField(name, name)}=${encodeField(name, toText(name, value))}`)
  }
}

// Array.isArray does not narrow a readonly array away.
function isList(value: QueryValue): value is readonly QueryValue[] {
  return Array.isArray(value)
}

function toText(name: string, value: string | number | boolean | bigint | Date): string {
  const isDate = value instanceof Date
  const number = isDate ? value.getTime() : value
  if (typeof number === 'number' && !Number.isFinite(number)) {
    throw new TypeError(`The query's "${name}" is ${isDate ? 'no valid date' : String(value)}.`)
  }
  return isDate ? value.toISOString() : String(value)
}

// Of what encodeURIComponent encodes, these are safe in a query; `&`, `=`, `+` and `#` are not.
const SAFE_IN_QUERY = /%(?:20|24|2C|2F|3A|3B|3F|40)/g

function encodeField(name: string, text: string): string {
  if (!text.isWellFormed()) throw new TypeError(`The query's "${name}" is not well-formed Unicode.`)
  return encodeURIComponent(text).replaceAll(SAFE_IN_QUERY, (escape) =>
    escape === '%20' ? '+' : decodeURIComponent(escape),
  )
}
