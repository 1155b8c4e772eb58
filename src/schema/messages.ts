import type { z } from 'zod'
import { type AnySchema, checksOf } from './traverse.ts'

/** Messages of one level: a field's own, or those of the fields (or list indexes) inside it. */
export type FieldMessages = { [field: string]: string[] | FieldMessages }

/** What zod says about one value, before it is worded; which of the rest there is depends on `code`. */
export interface Issue {
  readonly code?: string | undefined
  /** The value that was given. */
  readonly input?: unknown
  readonly path?: readonly PropertyKey[] | undefined
  /** The schema or check that objects, and the schema that the check belongs to. */
  readonly inst?: AnySchema | z.core.$ZodCheck | undefined
  readonly schema?: AnySchema | undefined
  readonly expected?: unknown
  readonly format?: unknown
  readonly origin?: unknown
  readonly minimum?: unknown
  readonly maximum?: unknown
  readonly inclusive?: unknown
  readonly exact?: unknown
  readonly divisor?: unknown
  readonly values?: unknown
  readonly options?: unknown
  readonly discriminator?: unknown
}
/** Words for one kind of fault, fixed or made from the fault. */
export type Message = string | ((issue: Issue) => string)
/** Wording by kind of fault, in place of {@link DEFAULT_MESSAGES}. What a schema itself says wins over both. */
export type Messages = { readonly [Key in MessageKey]?: Message }

export type MessageKey = keyof typeof DEFAULT_MESSAGES

/** The words of Marshmallow, which clients of Flask services know. */
export const DEFAULT_MESSAGES = {
  required: 'Missing data for required field.',
  null: 'Field may not be null.',
  unknown: 'Unknown field.',
  /** The whole input is not an object, or not a list. */
  type: 'Invalid input type.',
  tooDeep: 'Nested too deeply.',
  invalid: 'Invalid value.',
  string: 'Not a valid string.',
  integer: 'Not a valid integer.',
  number: 'Not a valid number.',
  boolean: 'Not a valid boolean.',
  date: 'Not a valid date.',
  time: 'Not a valid time.',
  datetime: 'Not a valid datetime.',
  duration: 'Not a valid period of time.',
  uuid: 'Not a valid UUID.',
  email: 'Not a valid email address.',
  url: 'Not a valid URL.',
  ipv4: 'Not a valid IPv4 address.',
  ipv6: 'Not a valid IPv6 address.',
  file: 'Not a valid file.',
  list: 'Not a valid list.',
  mapping: 'Not a valid mapping type.',
  pattern: 'String does not match expected pattern.',
  format: (issue: Issue) => `Not a valid ${String(issue.format)}.`,
  oneOf: (issue: Issue) => `Must be one of: ${choices(issue)}.`,
  minLength: (issue: Issue) => `Shorter than minimum length ${bound(issue, 'minimum')}.`,
  maxLength: (issue: Issue) => `Longer than maximum length ${bound(issue, 'maximum')}.`,
  lengthBetween: (issue: Issue) => `Length must be between ${lengthsOf(issue)?.join(' and ')}.`,
  exactLength: (issue: Issue) =>
    `Length must be ${bound(issue, issue.minimum === undefined ? 'maximum' : 'minimum')}.`,
  min: (issue: Issue) => `Must be greater than or equal to ${bound(issue, 'minimum')}.`,
  max: (issue: Issue) => `Must be less than or equal to ${bound(issue, 'maximum')}.`,
  above: (issue: Issue) => `Must be greater than ${bound(issue, 'minimum')}.`,
  below: (issue: Issue) => `Must be less than ${bound(issue, 'maximum')}.`,
  multipleOf: (issue: Issue) => `Must be a multiple of ${bound(issue, 'divisor')}.`,
}

/** The shortest and longest length that a schema allows, when it names both. */
export function lengthsOf({ schema }: Issue): [min: number, max: number] | undefined {
  const checks = schema ? checksOf(schema) : []
  const min = checks.find((check) => check.minimum !== undefined)?.minimum
  const max = checks.find((check) => check.maximum !== undefined)?.maximum
  return min === undefined || max === undefined ? undefined : [min, max]
}

function choices({ values, options }: Issue): string {
  const allowed: unknown = values ?? options
  if (!Array.isArray(allowed)) return ''
  return allowed
    .filter((value) => value !== undefined)
    .map(String)
    .join(', ')
}

/** Zod gives the bounds of a date in milliseconds. */
function bound(issue: Issue, name: 'minimum' | 'maximum' | 'divisor'): string {
  const limit = issue[name]
  return issue.origin === 'date' ? new Date(Number(limit)).toISOString() : String(limit)
}
