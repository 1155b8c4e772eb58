import { z } from 'zod'
import { guarded } from './attempt.ts'
import { isRecursive } from './depth.ts'
import { readBigInt, readDate } from './scalars.ts'
import {
  type AnySchema,
  type Definition,
  definitionOf,
  isObject,
  lazyTarget,
  leafOf,
  LISTS,
  SINGLE,
} from './traverse.ts'
import { unknownMembersOf } from './unknown_members.ts'

/** What a plain `z.object()` does with members that it does not name. */
export type PlainObjects = 'refuse' | 'exclude'

/**
 * The schema as input is checked against it, made once for each schema:
 * plain objects at every level treat unknown members as `plain` says, dates and big integers
 * are read from the forms that JSON has for them, and functions of the user are guarded.
 */
export function toInputSchema(schema: AnySchema, plain: PlainObjects): AnySchema {
  const known = REBUILT[plain].get(schema)
  if (known) return known
  const rebuilt = rebuild(schema, plain)
  REBUILT[plain].set(schema, rebuilt)
  return rebuilt
}

const REBUILT: Readonly<Record<PlainObjects, WeakMap<AnySchema, AnySchema>>> = {
  refuse: new WeakMap(),
  exclude: new WeakMap(),
}

function rebuild(schema: AnySchema, plain: PlainObjects): AnySchema {
  const def = definitionOf(schema)
  if (isObject(schema)) return rebuildObject(schema, plain)
  if (def.type === 'lazy') return copyOf(schema, lazyChanges(schema, plain))
  if (isInstanceOf(schema)) return schema
  const changes = { ...changedChildren(def, plain), ...changedFunctions(def) }
  return fromJSONForms(Object.keys(changes).length > 0 ? copyOf(schema, changes) : schema)
}

function rebuildObject(schema: z.core.$ZodObject, plain: PlainObjects): AnySchema {
  const { catchall } = schema._zod.def
  const refuses = unknownMembersOf(schema, plain) === 'refuse'
  const changes = {
    ...changedFunctions(definitionOf(schema)),
    catchall: refuses ? (catchall ?? z.never()) : catchall && toInputSchema(catchall, plain),
  }
  return copyOf(schema, Object.defineProperty(changes, 'shape', rebuiltShape(schema, plain)))
}

/** A recursive shape is rebuilt when it is first read, as its parts do not exist before; zod compiles only shapes that are there. */
function rebuiltShape(schema: z.core.$ZodObject, plain: PlainObjects): PropertyDescriptor {
  const make = () => mapShape(schema._zod.def.shape, plain)
  if (!isRecursive(schema)) return { value: make(), enumerable: true, configurable: true }
  const get = function (this: object) {
    const value = make()
    Object.defineProperty(this, 'shape', { value })
    return value
  }
  return { get, enumerable: true, configurable: true }
}

function mapShape(shape: z.core.$ZodShape, plain: PlainObjects): z.core.$ZodShape {
  const entries = Object.entries(shape).map(([key, field]): [string, AnySchema] => [
    key,
    toInputSchema(field, plain),
  ])
  return Object.fromEntries(entries)
}

function lazyChanges(schema: AnySchema, plain: PlainObjects): object {
  return { getter: () => toInputSchema(lazyTarget(schema), plain), _cachedInner: undefined }
}

function changedChildren(def: Definition, plain: PlainObjects): Record<string, unknown> {
  const changes: Record<string, unknown> = {}
  for (const name of SINGLE) {
    const child = def[name]
    if (!child) continue
    const rebuilt = toInputSchema(child, name === 'out' ? plainAfter(def, plain) : plain)
    if (rebuilt !== child) changes[name] = rebuilt
  }
  for (const name of LISTS) {
    const rebuilt = def[name]?.map((child) => toInputSchema(child, plain))
    if (rebuilt?.some((child, i) => child !== def[name]?.[i])) changes[name] = rebuilt
  }
  return changes
}

/** After a schema that checked the client's members itself, a pipe goes on with what the program made of them. */
function plainAfter(def: Definition, plain: PlainObjects): PlainObjects {
  return def.in && HOLD_MEMBERS.has(definitionOf(leafOf(def.in)).type) ? 'exclude' : plain
}

const HOLD_MEMBERS: ReadonlySet<string> = new Set(['object', 'union', 'intersection', 'record'])

/** JSON has neither dates nor big integers: read the first from ISO 8601, the second from whole numbers or digits. */
function fromJSONForms(schema: AnySchema): AnySchema {
  const def = definitionOf(schema)
  if (def.coerce) return schema
  if (def.type === 'date')
    return z.preprocess((v) => (typeof v === 'string' ? (readDate(v) ?? v) : v), schema)
  return def.type === 'bigint' ? z.preprocess(toBigInt, schema) : schema
}

function toBigInt(value: unknown): unknown {
  if (typeof value === 'string') return readBigInt(value) ?? value
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value
}

type Check = z.core.$ZodCheck

/** A copy would lose what `z.instanceof` puts on its schema by hand. */
function isInstanceOf(schema: AnySchema): boolean {
  return schema._zod.bag.Class !== undefined
}

/** The user's own functions in `def`, guarded: refinements, `z.custom`, transforms and codecs. */
function changedFunctions(def: Definition): Record<string, unknown> {
  const changes: Record<string, unknown> = {}
  if (def.checks?.some(isCustom)) changes.checks = def.checks.map(guardedCheck)
  if (def.transform) changes.transform = guarded(def.transform)
  if (def.type === 'custom' && def.fn) changes.fn = guarded(def.fn)
  return changes
}

function isCustom(check: Check): boolean {
  return check._zod.def.check === 'custom'
}

/** Without `fn`, as zod's compiler would call that past the guard. */
function guardedCheck(original: Check): Check {
  if (!isCustom(original)) return original
  const { _zod: internals } = original
  const def = { ...internals.def, fn: undefined }
  const check = guarded((payload: z.core.ParsePayload<never>) => internals.check(payload))
  return { _zod: { ...internals, def, check } }
}

function copyOf(schema: AnySchema, changes: object): AnySchema {
  return z.core.clone(schema, z.core.util.mergeDefs(schema._zod.def, changes))
}
