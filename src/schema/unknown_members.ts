import { z } from 'zod'

/** What becomes of members that an object's schema does not name. */
export type UnknownMembers = 'refuse' | 'exclude' | 'keep'

const EXCLUDED = Symbol.for('dewar.exclude_unknown')

/**
 * The same object, whose unknown members are dropped in silence instead of refused.
 *
 * Concerns this object only, not those inside it. For `z.looseObject`, which keeps them, there is no need.
 */
export function excludeUnknown<S extends z.ZodObject>(schema: S): S {
  const { def } = schema._zod
  return z.core.clone(schema, z.core.util.mergeDefs(def, { [EXCLUDED]: true, catchall: undefined }))
}

/** What a load of `schema` does with members that it does not name, where `plain` is the rule for a plain `z.object()`. */
export function unknownMembersOf(
  schema: z.core.$ZodObject,
  plain: 'refuse' | 'exclude' = 'refuse',
): UnknownMembers {
  const { def } = schema._zod
  if (EXCLUDED in def) return 'exclude'
  if (!def.catchall) return plain
  return def.catchall._zod.def.type === 'never' ? 'refuse' : 'keep'
}
