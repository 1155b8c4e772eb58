import { z } from 'zod'
import { type AnySchema, definitionOf } from './traverse.ts'

type Wrapped = z.ZodDefault | z.ZodPrefault | z.ZodOptional | z.ZodNonOptional | z.ZodExactOptional

/** A field without what it says about being absent. */
type Given<F> = F extends Wrapped & { _zod: { def: { innerType: infer Inner } } }
  ? Given<Inner>
  : F extends z.ZodNullable<infer Inner>
    ? z.ZodNullable<Given<Inner>>
    : F extends z.core.SomeType
      ? F
      : never

/** An object of which any part may be given: no field is required, and none has a default. */
export type PartialObject<S> =
  S extends z.ZodObject<infer Shape, infer Config>
    ? z.ZodObject<{ -readonly [K in keyof Shape]: z.ZodOptional<Given<Shape[K]>> }, Config>
    : never

/**
 * The schema of a partial update (PATCH): fields keep their rules, lose their defaults, and may be absent.
 *
 * @throws {TypeError} when the object has refinements, which would see objects that lack what they compare
 */
export function partial<S extends z.ZodObject>(schema: S): PartialObject<S> {
  if (schema._zod.def.checks?.length) {
    throw new TypeError(
      'partial() takes an object without refinements: add them to what it returns.',
    )
  }
  const def = z.core.util.mergeDefs(schema._zod.def, {
    get shape() {
      const shape = optionalFields(schema._zod.def.shape)
      Object.defineProperty(this, 'shape', { value: shape })
      return shape
    },
  })
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the type says of each field what `given` does to it
  return z.core.clone(schema, def as S['_zod']['def']) as z.ZodObject as PartialObject<S>
}

function optionalFields(shape: z.core.$ZodShape): z.core.$ZodShape {
  const fields = Object.entries(shape).map(([key, field]): [string, AnySchema] => [
    key,
    z.optional(given(field)),
  ])
  return Object.fromEntries(fields)
}

const ABOUT_ABSENCE: ReadonlySet<string> = new Set([
  'default',
  'prefault',
  'optional',
  'nonoptional',
])

/** Defaults hide under other wrappers too: `z.string().default('a').nullable()`. */
function given(field: AnySchema): AnySchema {
  const def = definitionOf(field)
  if (def.innerType && ABOUT_ABSENCE.has(def.type)) return given(def.innerType)
  const member = def.innerType && def.type !== 'promise' ? 'innerType' : 'in'
  const before = def[member]
  if (!before || before._zod.optin !== 'defaulted') return field
  return z.core.clone(field, z.core.util.mergeDefs(def, { [member]: given(before) }))
}
