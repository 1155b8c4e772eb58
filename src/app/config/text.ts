import { z } from 'zod'
import { readBigInt, readBoolean, readDate, readInteger, readNumber } from '../../schema/scalars.ts'

/**
 * Read the text of a variable as what `schema` expects.
 *
 * Numbers, booleans and dates as in a query string; lists of them or of texts separated by commas; other
 * lists and objects as JSON. What cannot be read stays text, so that the schema says what it wants.
 */
export function fromText(schema: unknown, text: string): unknown {
  const inner = unwrap(schema)
  if (inner instanceof z.ZodNumber) return (inner.isInt ? readInteger : readNumber)(text) ?? text
  if (inner instanceof z.ZodBigInt) return readBigInt(text) ?? text
  if (inner instanceof z.ZodBoolean) return readBoolean(text) ?? text
  if (inner instanceof z.ZodDate) return readDate(text) ?? text
  if (inner instanceof z.ZodLiteral) return readLiteral(inner, text)
  if (inner instanceof z.ZodUnion) return readOption(inner, text)
  if (inner instanceof z.ZodArray && !isJSON(unwrap(inner.element))) {
    return text.split(',').map((item) => fromText(inner.element, item.trim()))
  }
  return isJSON(inner) ? parseJSON(text) : text
}

/** The schema that sees the value first: within `optional`, `default`, pipes and the like. */
function unwrap(schema: unknown): unknown {
  if (schema instanceof z.ZodPipe) return unwrap(schema.def.in)
  if (schema instanceof z.ZodLazy) return unwrap(schema.unwrap())
  const inner = schema instanceof z.ZodType && 'innerType' in schema.def && schema.def.innerType
  return inner ? unwrap(inner) : schema
}

function isJSON(schema: unknown): boolean {
  return schema instanceof z.ZodType && JSON_TYPES.has(schema.type)
}

const JSON_TYPES: ReadonlySet<string> = new Set(['object', 'record', 'tuple', 'array'])

/** The literal that is written so: `'3'` is 3 where the schema has no `'3'`. */
function readLiteral({ values }: z.ZodLiteral, text: string): unknown {
  return values.has(text) ? text : ([...values].find((value) => String(value) === text) ?? text)
}

/** What the first option that fits reads; `z.union([z.int(), z.string()])` gives a number for `'3'`. */
function readOption({ options }: z.ZodUnion, text: string): unknown {
  const values = options.map((option) => fromText(option, text))
  return values.find((value, i) => z.safeParse(options[i]!, value).success) ?? text
}

function parseJSON(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
