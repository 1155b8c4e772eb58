import { z } from 'zod'

/**
 * A zod schema, by the little that the types of routes read of it.
 *
 * Comparing with zod's own types, which are large, takes a third of the time of checking a route.
 */
export interface SchemaLike {
  readonly _zod: { readonly output: unknown; readonly def: { readonly type: string } }
}

/** A zod object. */
export interface ObjectLike {
  readonly _zod: { readonly output: unknown; readonly def: { readonly type: 'object' } }
}

/** @throws {TypeError} when `schema` is not made by zod */
export function toZod(schema: SchemaLike): z.core.$ZodType {
  if (schema instanceof z.core.$ZodType) return schema
  throw new TypeError('A schema of a contract is made by zod, from `z` of dewar/schema.')
}
