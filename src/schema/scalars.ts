/** Whole numbers as Python's `int()` writes them: a sign, digits of any script, single underscores between them. */
const INTEGER = /^[+-]?\p{Nd}+(?:_\p{Nd}+)*$/u
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/
const DATETIME =
  /^(\d{4}-\d{2}-\d{2})[Tt ]((?:[01]\d|2[0-3]):[0-5]\d)(:[0-5]\d(?:\.\d{1,9})?)?([Zz]|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?$/

/** Python's limit, for the same reason: to read a longer number takes more than linear time. */
const MAX_DIGITS = 4300

/**
 * Read a whole number: `'42'`, `' -7 '`, `'1_000'`, `'٣'`.
 *
 * @returns undefined for anything else, also for a number that would have to be rounded (beyond 2^53 - 1)
 */
export function readInteger(text: string): number | undefined {
  const digits = toAsciiInteger(text)
  if (digits === undefined) return undefined
  const value = Number(digits) + 0 // no -0
  return Number.isSafeInteger(value) ? value : undefined
}

/** Read a whole number of at most 4300 digits, exactly. @returns undefined for anything else */
export function readBigInt(text: string): bigint | undefined {
  const digits = toAsciiInteger(text)
  if (digits === undefined) return undefined
  return digits.startsWith('-') ? -BigInt(digits.slice(1)) : BigInt(digits.replace('+', ''))
}

/** Read a decimal number: `'1.5'`, `'-2e3'`, `'.5'`. @returns undefined for anything else, also for what is not finite */
export function readNumber(text: string): number | undefined {
  const trimmed = text.trim()
  if (!NUMBER.test(trimmed)) return undefined
  const value = Number(trimmed)
  return Number.isFinite(value) ? value : undefined
}

/** Read `true t yes y on 1` or `false f no n off 0`, in any case. @returns undefined for anything else */
export function readBoolean(text: string): boolean | undefined {
  return text.length > 5 ? undefined : BOOLEANS.get(text.toLowerCase())
}

/**
 * Read an ISO 8601 date, or a date and time; without a zone they are in UTC.
 *
 * @returns undefined for anything else, also for a day that the month does not have
 */
export function readDate(text: string): Date | undefined {
  const trimmed = text.trim()
  const [, day = trimmed, time = '00:00', seconds = ':00', zone = 'Z'] =
    DATETIME.exec(trimmed) ?? []
  if (!isCalendarDay(day)) return undefined
  const date = new Date(`${day}T${time}${seconds}${toZone(zone)}`)
  return Number.isNaN(date.getTime()) ? undefined : date
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...['true', 't', 'yes', 'y', 'on', '1'].map((word) => [word, true] as const),
  ...['false', 'f', 'no', 'n', 'off', '0'].map((word) => [word, false] as const),
])

/** @returns the sign and the digits 0 to 9, without underscores */
function toAsciiInteger(text: string): string | undefined {
  if (isShortAscii(text)) return text
  const trimmed = text.trim()
  if (trimmed.length > MAX_DIGITS || !INTEGER.test(trimmed)) return undefined
  return trimmed.replaceAll('_', '').replaceAll(/[^\d+-]/gu, toAsciiDigit)
}

/** Whether the text is up to 15 digits, which nearly every number is: no regular expression is needed then. */
function isShortAscii(text: string): boolean {
  if (text.length === 0 || text.length > 15) return false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 48 || code > 57) return false
  }
  return true
}

/** Unicode keeps decimal digits in runs of ten that start with a zero, some of them side by side. */
function toAsciiDigit(digit: string): string {
  const code = digit.codePointAt(0)!
  let zero = code
  while (/^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) zero--
  return String((code - zero) % 10)
}

/** Whether it is a day that the calendar has, as `2026-11-20`. */
export function isCalendarDay(text: string): boolean {
  const [, year, month, day] = DATE.exec(text) ?? []
  if (year === '0000' || Number(month) < 1 || Number(month) > 12 || Number(day) < 1) return false
  return Number(day) <= daysIn(Number(year), Number(month))
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

function toZone(zone: string): string {
  return zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase()
}
