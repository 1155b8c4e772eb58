import { z } from 'zod'
import { EmptyRecord } from '../lib/empty_record.ts'
import { type Coercer, coercerFor } from './coerce.ts'
import type { PlainObjects } from './input_schema.ts'
import { compileLoad, type Loaded, type LoadOptions } from './load.ts'
import { type AnySchema, definitionOf, isObject, lazyTarget } from './traverse.ts'
import { unknownMembersOf } from './unknown_members.ts'

/** Where text comes from. */
export type TextSource = 'query' | 'headers' | 'cookies' | 'form'

/** What was given, by name: text, files, or lists of them where a name is repeated. */
export type RawFields = Readonly<Record<string, unknown>>

/** Converts text as the schema wants it, and checks it; asynchronous only when the schema is. */
export type TextLoader<T> = (raw: RawFields) => Loaded<T> | Promise<Loaded<T>>

/**
 * Make the loader of a query, of headers, cookies or a form, whose values come as text. See {@link coercerFor} for the rules.
 *
 * A form refuses unknown fields as a body does, a query ignores them unless `unknown` or the schema says otherwise.
 * Headers and cookies are never refused for being there, and a header's name matches whatever its case.
 */
export function compileTextLoad<S extends z.core.$ZodType>(
  schema: S,
  source: TextSource,
  options: LoadOptions = {},
): TextLoader<z.output<S>> {
  const unknown = options.unknown ?? (source === 'form' ? 'refuse' : 'exclude')
  const load = compileLoad(schema, { ...options, unknown })
  const plan = planOf(schema, source, unknown)
  return (raw) => load(plan.others ? convertAll(raw, plan) : convert(raw, plan))
}

type Field = { key: string; name: string; isInherited: boolean; coerce: Coercer }
type Plan = {
  fields: readonly Field[]
  names: ReadonlySet<string>
  /** For members that no field names; undefined when nobody looks at them. */
  others: Coercer | undefined
}

function convert(raw: RawFields, { fields }: Plan): Record<string, unknown> {
  const given = new EmptyRecord()
  for (const field of fields) {
    const { name } = field
    const value = field.isInherited && !Object.hasOwn(raw, name) ? undefined : raw[name]
    if (value !== undefined) given[field.key] = field.coerce(value)
  }
  return given
}

function convertAll(raw: RawFields, plan: Plan): Record<string, unknown> {
  const given = convert(raw, plan)
  for (const [name, value] of Object.entries(raw)) {
    if (!plan.names.has(name)) given[name] = plan.others?.(value)
  }
  return given
}

function planOf(schema: AnySchema, source: TextSource, plain: PlainObjects): Plan {
  const found = membersOf(schema, plain)
  const isHeaders = source === 'headers'
  const fields = [...found.fields].map(([key, field]) => {
    const name = isHeaders ? key.toLowerCase() : key
    return {
      key,
      name,
      isInherited: name in Object.prototype,
      coerce: coercerFor(field, isHeaders),
    }
  })
  const names = new Set(fields.map(({ name }) => name))
  if (found.others) return { fields, names, others: othersCoercer(found.others, isHeaders) }
  const refuses = found.refuses && (source === 'query' || source === 'form')
  return { fields, names, others: refuses ? asItIs : undefined }
}

/** What is kept without a schema of its own loses nothing: a repeated field stays a list. */
function othersCoercer(schema: AnySchema, isHeaders: boolean): Coercer {
  const { type } = definitionOf(schema)
  return type === 'unknown' || type === 'any' ? asItIs : coercerFor(schema, isHeaders)
}

function asItIs(value: unknown): unknown {
  return value
}

type Members = {
  fields: Map<string, AnySchema>
  /** The schema of members that are not named. */
  others?: AnySchema | undefined
  refuses: boolean
}

/** The fields of an object schema, and of those that stand in for one: wrapped, piped, in a union or an intersection. */
function membersOf(schema: AnySchema, plain: PlainObjects): Members {
  const def = definitionOf(schema)
  if (isObject(schema)) return objectMembers(schema, plain)
  if (def.type === 'record') return { fields: new Map(), others: def.valueType, refuses: false }
  if (def.type === 'lazy') return membersOf(lazyTarget(schema), plain)
  const alternatives = def.options ?? (def.left && def.right && [def.left, def.right])
  if (alternatives) return alternatives.map((each) => membersOf(each, plain)).reduce(merge)
  const inner = def.innerType ?? throughPipe(def.in, def.out)
  if (inner) return membersOf(inner, plain)
  throw new TypeError(`Text fields need an object schema, not z.${def.type}().`)
}

function merge(a: Members, b: Members): Members {
  const fields = new Map(a.fields)
  for (const [key, field] of b.fields) {
    const other = fields.get(key)
    fields.set(key, other ? z.union([other, field]) : field)
  }
  return { fields, others: a.others ?? b.others, refuses: a.refuses || b.refuses }
}

/** A preprocessed object has its fields behind the pipe. */
function throughPipe(before?: AnySchema, after?: AnySchema): AnySchema | undefined {
  return before && definitionOf(before).type === 'transform' ? after : before
}

function objectMembers(schema: z.core.$ZodObject, plain: PlainObjects): Members {
  const { shape, catchall } = schema._zod.def
  const policy = unknownMembersOf(schema, plain)
  return {
    fields: new Map(Object.entries(shape)),
    others: policy === 'keep' ? catchall : undefined,
    refuses: policy === 'refuse',
  }
}
