import type { z } from 'zod'
import type { Callback } from './attempt.ts'

export type AnySchema = z.core.$ZodType

/** What checks are made from, of which a schema that is a check itself has it too. */
interface CheckDefinition {
  check?: string
  format?: string
  minimum?: number
  maximum?: number
}

/** Any definition, seen through the members by which zod's schemas hold others. */
export interface Definition extends z.core.$ZodTypeDef, CheckDefinition {
  innerType?: AnySchema
  element?: AnySchema
  in?: AnySchema
  out?: AnySchema
  left?: AnySchema
  right?: AnySchema
  keyType?: AnySchema
  valueType?: AnySchema
  rest?: AnySchema | null
  catchall?: AnySchema
  options?: readonly AnySchema[]
  items?: readonly AnySchema[]
  shape?: Readonly<Record<string, AnySchema>>
  coerce?: boolean
  entries?: Readonly<Record<string, string | number>>
  values?: readonly unknown[]
  transform?: Callback
  fn?: Callback
}

type SingleMember =
  | 'innerType'
  | 'element'
  | 'in'
  | 'out'
  | 'left'
  | 'right'
  | 'valueType'
  | 'rest'
  | 'catchall'

/** Members of a definition that hold one schema. */
export const SINGLE: readonly SingleMember[] = [
  'innerType',
  'element',
  'in',
  'out',
  'left',
  'right',
  'valueType',
  'rest',
  'catchall',
]

/** Members of a definition that hold a list of schemas. */
export const LISTS: readonly ('options' | 'items')[] = ['options', 'items']

/** Whether zod made `schema` with `z.object()` or one of its kin. */
export function isObject(schema: AnySchema): schema is z.core.$ZodObject {
  return schema._zod.def.type === 'object'
}

export function definitionOf(schema: AnySchema): Definition {
  return schema._zod.def
}

/** The definitions of the checks of a schema, its own first: `z.int()` is a check itself. */
export function checksOf(schema: AnySchema): CheckDefinition[] {
  const def = definitionOf(schema)
  return [def, ...(def.checks ?? []).map((check) => check._zod.def)]
}

/** Whether a number schema takes whole numbers only: `z.int()`, `z.number().int()`, `z.int32()`. */
export function isInteger(schema: AnySchema): boolean {
  return checksOf(schema).some(({ format }) => format !== undefined && INTEGERS.has(format))
}

const INTEGERS: ReadonlySet<string> = new Set(['safeint', 'int32', 'uint32'])

/** What a `z.lazy()` stands for. */
export function lazyTarget(schema: AnySchema): AnySchema {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- zod's types do not narrow by `def.type`
  return (schema as z.core.$ZodLazy)._zod.innerType
}

/** The schemas that `schema` is made of, one level down. */
export function childrenOf(schema: AnySchema): AnySchema[] {
  const def = definitionOf(schema)
  if (def.type === 'lazy') return [lazyTarget(schema)]
  const single = SINGLE.map((name) => def[name]).filter((child) => child != null)
  const listed = LISTS.flatMap((name) => def[name] ?? [])
  return [...single, ...listed, ...Object.values(def.shape ?? {})]
}

/** The schema that sees the input first, under `optional`, `nullable`, defaults, pipes and the like. */
export function leafOf(schema: AnySchema): AnySchema {
  const def = definitionOf(schema)
  const inner = def.type === 'lazy' ? lazyTarget(schema) : (def.innerType ?? def.in)
  return inner && def.type !== 'promise' ? leafOf(inner) : schema
}
