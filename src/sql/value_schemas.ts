import { z } from 'zod'
import { fitsLength, isStorableText } from './storable_text.ts'

/**
 * Text that every database can hold.
 *
 * @param max code points, as databases count; zod's own `max` counts UTF-16 units
 */
export function textSchema(max?: number): z.ZodString {
  const schema = z.string().check((payload) => {
    const { value: input, issues } = payload
    if (!isStorableText(input)) {
      issues.push({ code: 'invalid_type', expected: 'string', input, message: NOT_TEXT })
    } else if (max !== undefined && !fitsLength(input, max)) {
      issues.push({ code: 'too_big', origin: 'string', maximum: max, inclusive: true, input })
    }
  })
  return max === undefined ? schema : schema.meta({ maxLength: max })
}

const NOT_TEXT = 'Not a valid string.'

/** A calendar day that every database has: the year 0 is not in all. */
export function dateSchema(): z.ZodISODate {
  return z.iso.date().check((payload) => {
    const { value: input, issues } = payload
    if (!input.startsWith('0000')) return
    issues.push({ code: 'invalid_format', format: 'date', input, message: 'Not a valid date.' })
  })
}

/** Times of the years 1 to 9999: their ISO form has one width, so that it sorts. */
export function datetimeSchema(): z.ZodDate {
  return z.date().min(MIN_TIME).max(MAX_TIME)
}

const MIN_TIME = new Date('0001-01-01T00:00:00.000Z')
const MAX_TIME = new Date('9999-12-31T23:59:59.999Z')

/** Whether a database can hold it. */
export function isStorableTime(time: Date): boolean {
  const ms = time.getTime()
  return ms >= MIN_TIME.getTime() && ms <= MAX_TIME.getTime()
}

/** A whole number of 64 bits. */
export function bigintSchema(): z.ZodBigInt {
  return z
    .bigint()
    .min(-(2n ** 63n))
    .max(2n ** 63n - 1n)
}

/** Digits with at most `scale` decimals, made canonical: exactly that many, no leading zeros. */
export function decimalSchema(precision: number, scale: number): z.ZodString {
  return z
    .string()
    .refine((text) => toDecimal(text, precision, scale) !== undefined, NOT_DECIMAL)
    .overwrite((text) => toDecimal(text, precision, scale) ?? text)
}

const DECIMAL = /^[+-]?\d{1,40}(?:\.\d{1,40})?$/
const NOT_DECIMAL = 'Not a valid decimal.'

/** `'+1.5'` as `'1.50'`. @returns undefined when it is no decimal of this precision; never rounded */
export function toDecimal(text: string, precision: number, scale: number): string | undefined {
  if (!DECIMAL.test(text)) return undefined
  const [whole = '', fraction = ''] = text.replace(/^[+-]/, '').split('.')
  const digits = whole.replace(/^0+(?=\d)/, '')
  const decimals = fraction.replace(/0+$/, '')
  const isZero = digits === '0' && decimals === ''
  if (decimals.length > scale || (digits === '0' ? 0 : digits.length) > precision - scale) {
    return undefined
  }
  const sign = text.startsWith('-') && !isZero ? '-' : ''
  return `${sign}${digits}${scale > 0 ? `.${decimals.padEnd(scale, '0')}` : ''}`
}

/** A time of the day, made canonical: seconds always, milliseconds where there are any. */
export function timeSchema(): z.ZodString {
  return z
    .string()
    .refine((text) => toTime(text) !== undefined, 'Not a valid time.')
    .overwrite((text) => toTime(text) ?? text)
}

const TIME = /^((?:[01]\d|2[0-3]):[0-5]\d)(?::([0-5]\d)(?:\.(\d{1,3})0*)?)?$/

/** `'18:30'` as `'18:30:00'`. @returns undefined when it is no time of the day */
export function toTime(text: string): string | undefined {
  const [, minutes, seconds = '00', fraction = ''] = TIME.exec(text) ?? []
  if (minutes === undefined) return undefined
  const ms = fraction.padEnd(3, '0')
  return `${minutes}:${seconds}${ms === '000' ? '' : `.${ms}`}`
}

/** Bytes; in JSON they are base64. */
export function binarySchema() {
  return z.codec(z.base64(), z.instanceof(Uint8Array), {
    decode: (text) => new Uint8Array(Buffer.from(text, 'base64')),
    encode: (bytes) => Buffer.from(bytes).toString('base64'),
  })
}
