import type { Converter } from './converter.ts'
import type { PathPart } from './grammar.ts'
import { isParam } from './segment.ts'
import { toPattern } from './text_converters.ts'

/**
 * Append the values that `text` holds to `values`.
 *
 * @returns `false` when it does not match; some may be appended then
 */
export type Matcher = (text: string, values: unknown[]) => boolean

/** Compile the parts of one segment, at least one of them a parameter. */
export function toMatcher(parts: readonly PathPart[]): Matcher {
  const first = parts.findIndex(isParam)
  const last = parts.findLastIndex(isParam)
  const prefix = toText(parts.slice(0, first))
  const suffix = toText(parts.slice(last + 1))
  const inner = parts.slice(first, last + 1)
  const match = inner.length === 1 ? oneParam(inner.find(isParam)!.converter) : manyParams(inner)
  return prefix === '' && suffix === '' ? match : within(prefix, suffix, match)
}

function toText(statics: readonly PathPart[]): string {
  return statics.map((part) => (isParam(part) ? '' : part.text)).join('')
}

function within(prefix: string, suffix: string, match: Matcher): Matcher {
  const least = prefix.length + suffix.length
  return (text, values) =>
    text.length >= least &&
    text.startsWith(prefix) &&
    text.endsWith(suffix) &&
    match(text.slice(prefix.length, text.length - suffix.length), values)
}

function oneParam(converter: Converter<unknown>): Matcher {
  const whole = converter.parsesStrictly ? undefined : new RegExp(`^(?:${converter.pattern})$`, 'u')
  return (text, values) => {
    if (whole !== undefined && !whole.test(text)) return false
    const value = converter.parse(text)
    if (value === undefined) return false
    values.push(value)
    return true
  }
}

function manyParams(parts: readonly PathPart[]): Matcher {
  const converters = parts.filter(isParam).map((part) => part.converter)
  const maxChars = maxBacktrackedChars(converters.length)
  const source = parts
    .map((part) => (isParam(part) ? `(${part.converter.pattern})` : toPattern(part.text)))
    .join('')
  const whole = new RegExp(`^${source}$`, 'u')
  return (text, values) => {
    if (text.length > maxChars) return false
    const found = whole.exec(text)
    return found !== null && parseAll(converters, found, values)
  }
}

function parseAll(
  converters: readonly Converter<unknown>[],
  texts: readonly string[],
  values: unknown[],
): boolean {
  for (const [i, converter] of converters.entries()) {
    const value = converter.parse(texts[i + 1] ?? '')
    if (value === undefined) return false
    values.push(value)
  }
  return true
}

const MAX_BACKTRACKS = 4_000_000

/**
 * Several parameters between two slashes backtrack, in the worst case once for each way to share
 * the text among them. A
 * hostile path must not hold up the process for that: longer texts do not match. 4,000 characters
 * for two parameters,
 * 474 for three.
 */
function maxBacktrackedChars(paramCount: number): number {
  return paramCount * Math.floor(MAX_BACKTRACKS ** (1 / paramCount))
}
