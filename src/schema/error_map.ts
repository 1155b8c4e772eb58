import {
  DEFAULT_MESSAGES,
  type Issue,
  lengthsOf,
  type Message,
  type MessageKey,
  type Messages,
} from './messages.ts'
import { type AnySchema, definitionOf, isInteger } from './traverse.ts'

/** Words every issue for which the schema has no words of its own. */
export type ErrorMap = (issue: Issue) => string

/** The error map of a contract or app: `messages` where it has any, else the defaults. */
export function toErrorMap(messages: Messages = {}): ErrorMap {
  const words: ErrorMap = (issue) => wordsFor(keyOf(issue), issue, messages)
  // What an app words itself may depend on the value.
  if (BOUND_KEYS.some((key) => typeof messages[key] === 'function')) return words
  // By code as well: one check for 32 bits speaks of both ends.
  const known: Readonly<Record<string, WeakMap<object, string>>> = {
    too_small: new WeakMap(),
    too_big: new WeakMap(),
    invalid_value: new WeakMap(),
  }
  return (issue) => {
    const { inst, input } = issue
    const said = known[issue.code ?? '']
    if (!said || !inst || input === undefined || input === null) return words(issue)
    const text = said.get(inst) ?? words(issue)
    said.set(inst, text)
    return text
  }
}

/** What a bound or a list of choices says is the same for every value, so that it is made once. */
const BOUND_KEYS: readonly MessageKey[] = [
  'oneOf',
  'minLength',
  'maxLength',
  'lengthBetween',
  'exactLength',
  'min',
  'max',
  'above',
  'below',
]

/** @returns the words for one kind of fault */
export function wordsFor(key: MessageKey, issue: Issue, messages: Messages = {}): string {
  const words: Message = messages[key] ?? DEFAULT_MESSAGES[key]
  return typeof words === 'string' ? words : words(issue)
}

/** What kind of fault zod found. */
export function keyOf(issue: Issue): MessageKey {
  if (issue.code === 'unrecognized_keys') return 'unknown'
  if (isWhole(issue)) return 'type'
  const value = valueOf(issue)
  if (value === undefined) return 'required'
  if (value === null && issue.code !== 'custom') return 'null'
  return KEY_BY_CODE[issue.code ?? '']?.(issue) ?? 'invalid'
}

/** The whole input is not of the kind that holds others, such as a list in place of an object. */
function isWhole({ code, expected, path }: Issue): boolean {
  return !path?.length && code === 'invalid_type' && CONTAINERS.has(String(expected))
}

/** What was given: for a discriminated union the discriminator, which is where it reports. */
function valueOf({ input, discriminator }: Issue): unknown {
  if (typeof discriminator !== 'string' || typeof input !== 'object' || input === null) return input
  return Object.hasOwn(input, discriminator) ? Reflect.get(input, discriminator) : undefined
}

const CONTAINERS: ReadonlySet<string> = new Set([
  'object',
  'record',
  'array',
  'tuple',
  'map',
  'set',
])

const KEY_BY_CODE: Readonly<Partial<Record<string, (issue: Issue) => MessageKey | undefined>>> = {
  invalid_type: keyOfType,
  invalid_value: () => 'oneOf',
  invalid_union: ({ discriminator }) => (discriminator === undefined ? 'invalid' : 'oneOf'),
  invalid_format: ({ format }) => KEY_BY_FORMAT[String(format)] ?? 'format',
  not_multiple_of: () => 'multipleOf',
  too_small: (issue) => keyOfBound(issue, 'min'),
  too_big: (issue) => keyOfBound(issue, 'max'),
}

const KEY_BY_TYPE: Readonly<Partial<Record<string, MessageKey>>> = {
  number: 'number',
  int: 'integer',
  bigint: 'integer',
  boolean: 'boolean',
  date: 'date',
  file: 'file',
  array: 'list',
  tuple: 'list',
  set: 'list',
  object: 'mapping',
  record: 'mapping',
  map: 'mapping',
}

const KEY_BY_FORMAT: Readonly<Partial<Record<string, MessageKey>>> = {
  date: 'date',
  time: 'time',
  datetime: 'datetime',
  duration: 'duration',
  uuid: 'uuid',
  guid: 'uuid',
  email: 'email',
  url: 'url',
  ipv4: 'ipv4',
  ipv6: 'ipv6',
  regex: 'pattern',
  template_literal: 'pattern',
  starts_with: 'pattern',
  ends_with: 'pattern',
  includes: 'pattern',
  lowercase: 'pattern',
  uppercase: 'pattern',
}

/** Formats that a Marshmallow field names even when the value is not a string at all. */
const TYPE_LIKE: ReadonlySet<string> = new Set([
  'date',
  'time',
  'datetime',
  'duration',
  'uuid',
  'guid',
])

function keyOfType({ expected, inst }: Issue): MessageKey | undefined {
  const schema = isSchema(inst) ? inst : undefined
  if (expected === 'number') return schema && isInteger(schema) ? 'integer' : 'number'
  if (expected !== 'string') return KEY_BY_TYPE[String(expected)]
  const format = (schema && definitionOf(schema).format) ?? ''
  return TYPE_LIKE.has(format) ? KEY_BY_FORMAT[format] : 'string'
}

function isSchema(inst: Issue['inst']): inst is AnySchema {
  return inst !== undefined && 'run' in inst._zod
}

function keyOfBound(issue: Issue, side: 'min' | 'max'): MessageKey {
  if (NUMERIC.has(String(issue.origin))) {
    if (issue.inclusive) return side
    return side === 'min' ? 'above' : 'below'
  }
  if (issue.exact) return 'exactLength'
  if (lengthsOf(issue)) return 'lengthBetween'
  return side === 'min' ? 'minLength' : 'maxLength'
}

const NUMERIC: ReadonlySet<string> = new Set(['number', 'int', 'bigint', 'date'])
