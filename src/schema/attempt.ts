import { z } from 'zod'

/** What runs a schema. */
export type Internals = Pick<z.core.$ZodTypeInternals, 'run'>

// Set only while a schema runs and never across an await, so that requests do not see one another's.
let isSynchronous = false

/** Run a schema as an attempt that must not meet a promise, or as one that may. */
export function attempt(
  synchronous: boolean,
  schema: Internals,
  value: unknown,
  context: z.core.ParseContextInternal,
): z.core.util.MaybeAsync<z.core.ParsePayload> {
  const outer = isSynchronous
  isSynchronous = synchronous
  try {
    return schema.run({ value, issues: [] }, context)
  } finally {
    isSynchronous = outer
  }
}

/**
 * A user's function that ends a synchronous attempt when it turns out to be asynchronous.
 *
 * Left to itself zod drops the promise, whose rejection would then end the process, and mistakes that of a transform for a result.
 */
export function guarded(fn: Callback): Callback {
  return (value, payload) => {
    const result: unknown = fn(value, payload)
    if (isSynchronous && result instanceof Promise) {
      result.catch(() => {})
      throw new z.core.$ZodAsyncError()
    }
    return result
  }
}

// oxlint-disable-next-line typescript/no-explicit-any -- zod's own types for checks and transforms differ in both arguments
export type Callback = (value: any, payload?: any) => any
