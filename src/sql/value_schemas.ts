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
