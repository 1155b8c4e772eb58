import { z } from 'zod'
import { attempt, type Internals } from './attempt.ts'
import { isHuge, isRecursive, isTooDeep } from './depth.ts'
import { type ErrorMap, toErrorMap, wordsFor } from './error_map.ts'
import { toFieldMessages } from './field_messages.ts'
import { type PlainObjects, toInputSchema } from './input_schema.ts'
import type { FieldMessages, MessageKey, Messages } from './messages.ts'
import { namesInherited, ownMembers } from './own_members.ts'
import type { AnySchema } from './traverse.ts'

/** What came of a load: the value that the schema makes, or all that is wrong, by field. */
export type Loaded<T> = { ok: true; value: T } | { ok: false; errors: FieldMessages }

/** Checks input against one schema; asynchronous only when the schema is. */
export type Loader<T> = (value: unknown) => Loaded<T> | Promise<Loaded<T>>

export interface LoadOptions {
  /**
   * What plain objects do with members that they do not name. Default: `'refuse'`.
   * `z.looseObject`, `z.strictObject` and `excludeUnknown` decide for themselves.
   */
  unknown?: PlainObjects
  messages?: Messages
}

/**
 * Make the loader of a schema: once for each, when all modules are loaded, as lazy schemas are resolved here.
 *
 * Refinements run before it is known whether the input is refused, and may run twice when it is.
 * What a refinement or transform throws is thrown on.
 */
export function compileLoad<S extends z.core.$ZodType>(
  schema: S,
  { unknown = 'refuse', messages = {} }: LoadOptions = {},
): Loader<z.output<S>> {
  const compiled = compiledFor(schema, unknown)
  const error = toErrorMap(messages)

  return (given) => {
    if (compiled.isRecursive && isTooDeep(given)) return failedWhole('tooDeep', messages)
    const value = compiled.namesInherited ? ownMembers(given) : given
    if (compiled.isAsync) return runAsync(compiled, value, error, messages)
    const context = { error, async: false }
    try {
      const payload = attempt(true, compiled.internals, value, context)
      if (!(payload instanceof Promise)) return toLoaded(payload, context, messages)
      return payload.then((settled) => toLoaded(settled, context, messages))
    } catch (thrown) {
      if (isStackOverflow(thrown) && isHuge(value)) return failedWhole('invalid', messages)
      if (!(thrown instanceof z.core.$ZodAsyncError)) throw thrown
      compiled.isAsync = true
      return runAsync(compiled, value, error, messages)
    }
  }
}

/** Data that a schema does not accept. */
export class ValidationError extends Error {
  override readonly name = 'ValidationError'
  /** All that is wrong, by field. */
  readonly errors: FieldMessages

  constructor(errors: FieldMessages, message = 'Input validation failed') {
    super(message)
    this.errors = errors
  }
}

/**
 * Check one value, in code that is not a route: a command, a job, a row of a file.
 *
 * @throws {ValidationError} when the schema does not accept `value`
 * @throws {TypeError} when the schema is asynchronous: use {@link loadAsync}
 */
export function load<S extends z.core.$ZodType>(
  schema: S,
  value: unknown,
  options?: LoadOptions,
): z.output<S> {
  const loaded = compileLoad(schema, options)(value)
  if (!(loaded instanceof Promise)) return valueOf(loaded)
  loaded.catch(() => {})
  throw new TypeError('This schema is asynchronous: use loadAsync().')
}

/**
 * {@link load} for a schema with asynchronous refinements or transforms.
 *
 * @throws {ValidationError} when the schema does not accept `value`
 */
export async function loadAsync<S extends z.core.$ZodType>(
  schema: S,
  value: unknown,
  options?: LoadOptions,
): Promise<z.output<S>> {
  return valueOf(await compileLoad(schema, options)(value))
}

function valueOf<T>(loaded: Loaded<T>): T {
  if (loaded.ok) return loaded.value
  throw new ValidationError(loaded.errors)
}

type Context = { error: ErrorMap; async: boolean }
type Compiled = {
  readonly internals: Internals
  readonly isRecursive: boolean
  readonly namesInherited: boolean
  /** Learned from the first input that made a promise. */
  isAsync: boolean
}

const COMPILED: Readonly<Record<PlainObjects, WeakMap<AnySchema, Compiled>>> = {
  refuse: new WeakMap(),
  exclude: new WeakMap(),
}

function compiledFor(schema: AnySchema, plain: PlainObjects): Compiled {
  const known = COMPILED[plain].get(schema)
  if (known) return known
  const compiled = {
    internals: fastest(toInputSchema(schema, plain)),
    isRecursive: isRecursive(schema),
    namesInherited: namesInherited(schema),
    isAsync: false,
  }
  COMPILED[plain].set(schema, compiled)
  return compiled
}

/** `z.compile` without the validator that it makes beside the parser, which takes half of its time. */
function fastest(schema: AnySchema): Internals {
  try {
    return z.core.withParser(schema, z.core.compileFn(schema))._zod
  } catch {
    return schema._zod
  }
}

async function runAsync<T>(
  compiled: Compiled,
  value: unknown,
  error: ErrorMap,
  messages: Messages,
): Promise<Loaded<T>> {
  const context = { error, async: true }
  return toLoaded(await attempt(false, compiled.internals, value, context), context, messages)
}

function toLoaded<T>(
  payload: z.core.ParsePayload,
  context: Context,
  messages: Messages,
): Loaded<T> {
  if (payload.issues.length > 0) {
    return { ok: false, errors: toFieldMessages(payload.issues, context.error, messages) }
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the schema has made it
  return { ok: true, value: payload.value as T }
}

function failedWhole(key: MessageKey, messages: Messages): Loaded<never> {
  return { ok: false, errors: { _schema: [wordsFor(key, {}, messages)] } }
}

/** Of ten thousands of faults in a list within a list, which zod spreads over the stack. */
function isStackOverflow(thrown: unknown): boolean {
  return thrown instanceof RangeError && thrown.message === 'Maximum call stack size exceeded'
}
