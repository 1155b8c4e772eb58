import { broken, wrong } from './fault.ts'

// oxlint-disable-next-line no-control-regex -- they are what JSON escapes
const UNSAFE = /[\u0000-\u001f"\\\ud800-\udfff]/
/** Below this a loop is faster than a regular expression, measured on V8 13.6. */
const LOOP_LENGTH = 42
/** Above this JSON.stringify is faster. */
const TEST_LENGTH = 5000

/** Write a string exactly as JSON.stringify does, faster where nothing has to be escaped. */
export function quote(text: string): string {
  const { length } = text
  if (length >= LOOP_LENGTH) {
    return length < TEST_LENGTH && !UNSAFE.test(text) ? `"${text}"` : JSON.stringify(text)
  }
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i)
    if (code < 0x20 || code === 0x22 || code === 0x5c || (code >= 0xd800 && code <= 0xdfff)) {
      return JSON.stringify(text)
    }
  }
  return `"${text}"`
}

/** Write any value that JSON has a form for. @returns undefined, and leaves a fault, for others */
export function toAnyJSON(value: unknown): string | undefined {
  try {
    const text: string | undefined = JSON.stringify(value)
    return text === undefined ? wrong(value, 'a JSON value') : text
  } catch (error) {
    return broken(value, 'a JSON value', error)
  }
}

/** A number that JSON.stringify writes as it stood in the text that it was read from. */
interface RawJSON {
  readonly rawJSON: string
}

// TypeScript 7.0 describes neither function in its es2024 library.
const rawJSON: (text: string) => RawJSON = Reflect.get(JSON, 'rawJSON')
const isRawJSON: (value: unknown) => value is RawJSON = Reflect.get(JSON, 'isRawJSON')

/** Read JSON; a whole number that would have to be rounded becomes a `JSON.rawJSON`, which is written as it stood. */
export function fromExactJSON(text: string): unknown {
  // A reviver is slow, and numbers of up to 15 digits are never rounded.
  return /\d{16}/.test(text) ? JSON.parse(text, keepExact) : JSON.parse(text)
}

function keepExact(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  const source = context?.source ?? ''
  return /^-?\d+$/.test(source) && String(value) !== source ? rawJSON(source) : value
}

/**
 * Join what the two sides of an intersection wrote.
 *
 * @returns undefined when they disagree
 */
export function mergeJSON(left: string, right: string): string | undefined {
  if (left === right) return left
  const merged = merge(fromExactJSON(left), fromExactJSON(right))
  return merged === undefined ? undefined : JSON.stringify(merged)
}

function merge(left: unknown, right: unknown): unknown {
  if (left === right) return left
  if (isRawJSON(left) && isRawJSON(right)) return left.rawJSON === right.rawJSON ? left : undefined
  if (!isObject(left) || !isObject(right)) return undefined
  if (Array.isArray(left) || Array.isArray(right)) return mergeLists(left, right)
  const merged = new Map(Object.entries(left))
  for (const [key, value] of Object.entries(right)) {
    const both = merged.has(key) ? merge(merged.get(key), value) : value
    if (both === undefined) return undefined
    merged.set(key, both)
  }
  return Object.fromEntries(merged)
}

function mergeLists(left: object, right: object): unknown[] | undefined {
  if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length)
    return undefined
  const merged = left.map((item: unknown, i) => merge(item, right[i]))
  return merged.includes(undefined) ? undefined : merged
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !isRawJSON(value)
}
