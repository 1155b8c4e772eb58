import { EmptyRecord } from './empty_record.ts'

/** The decoded members of a query or form. Nothing is inherited: `__proto__` is a name like any other. */
export type Fields = Record<string, string | string[]>

/** More fields than the reader was allowed to take. */
export class TooManyFields extends Error {
  override readonly name = 'TooManyFields'
  readonly maxFields: number

  constructor(maxFields: number) {
    super(`More than ${maxFields} fields.`)
    this.maxFields = maxFields
  }
}

/**
 * Read the query of a URL as Node hands it over, without its `?`.
 *
 * `+` is a space, a bad escape stays as it is, bytes that are not UTF-8 become U+FFFD. Only `&` separates
 * fields, a field without `=` is empty, and a repeated one becomes a list. Node gives the bytes of
 * an unescaped URL as Latin-1, so characters above ASCII are read as bytes.
 *
 * @throws {TooManyFields} when there are more than `maxFields`
 */
export function parseQuery(search: string, maxFields = 1000): Fields {
  return parsePairs(search, 'latin1', maxFields)
}

/**
 * Read an `application/x-www-form-urlencoded` body that was already decoded from UTF-8.
 *
 * @throws {TooManyFields} when there are more than `maxFields`
 */
export function parseUrlencoded(text: string, maxFields = 1000): Fields {
  return parsePairs(text, 'utf8', maxFields)
}

/**
 * Percent-decode one name or value; `+` is a space.
 *
 * @param charset what characters above ASCII stand for: bytes (`'latin1'`) or themselves (`'utf8'`)
 */
export function decodeComponent(text: string, charset: Charset): string {
  const bytes = Buffer.from(text, charset)
  let length = 0
  for (let i = 0; i < bytes.length; i++) {
    let byte = bytes[i]!
    if (byte === PLUS) byte = SPACE
    else if (byte === PERCENT) {
      const escaped = (hexValue(bytes[i + 1]) << 4) | hexValue(bytes[i + 2])
      if (escaped >= 0) {
        byte = escaped
        i += 2
      }
    }
    bytes[length++] = byte
  }
  return bytes.toString('utf8', 0, length)
}

type Charset = 'latin1' | 'utf8'

const AMPERSAND = 38
const EQUALS = 61
const PERCENT = 37
const PLUS = 43
const SPACE = 32

function parsePairs(text: string, charset: Charset, maxFields: number): Fields {
  const fields: Fields = new EmptyRecord<string | string[]>()
  let left = maxFields
  let start = 0
  while (start < text.length) {
    const pair = scanPair(text, start)
    const { end } = pair
    if (end > start) {
      if (left-- <= 0) throw new TooManyFields(maxFields)
      addPair(fields, text, start, pair, charset)
    }
    start = end + 1
  }
  return fields
}

type Pair = { end: number; equals: number; encoded: boolean }

// One object for all scans: nothing here is asynchronous, and a query costs no garbage but its own strings.
const scanned: Pair = { end: 0, equals: -1, encoded: false }

function scanPair(text: string, start: number): Pair {
  let equals = -1
  let encoded = false
  let end = start
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end)
    if (code === AMPERSAND) break
    if (code === EQUALS) {
      if (equals < 0) equals = end
    } else if (code === PERCENT || code === PLUS || code > 127) encoded = true
  }
  scanned.end = end
  scanned.equals = equals
  scanned.encoded = encoded
  return scanned
}

function addPair(fields: Fields, text: string, start: number, pair: Pair, charset: Charset): void {
  const { end, equals, encoded } = pair
  const rawName = text.slice(start, equals < 0 ? end : equals)
  const rawValue = equals < 0 ? '' : text.slice(equals + 1, end)
  const name = encoded ? decodeComponent(rawName, charset) : rawName
  const value = encoded ? decodeComponent(rawValue, charset) : rawValue
  const known = fields[name]
  if (known === undefined) fields[name] = value
  else if (typeof known === 'string') fields[name] = [known, value]
  else known.push(value)
}

/** @returns 0 to 15, or -1 for what is not a hexadecimal digit */
function hexValue(code: number | undefined): number {
  if (code === undefined) return -1
  if (code >= 48 && code <= 57) return code - 48
  const lower = code | 32
  return lower >= 97 && lower <= 102 ? lower - 87 : -1
}
