import { z } from 'zod'

/** Whether a value is a record: no class instance, list, Date or Map. */
export const isPlainObject: (value: unknown) => boolean = z.core.util.isPlainObject

/** Read a member that every object inherits something else under, such as `constructor`. */
export function own(object: object, key: string): unknown {
  return Object.hasOwn(object, key) ? Reflect.get(object, key) : undefined
}
