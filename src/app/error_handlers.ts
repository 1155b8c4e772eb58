import { BadRequest, HTTPError, InvalidInput } from '../http/errors.ts'
import { TooManyFields } from '../lib/urlencoded.ts'
import { ValidationError } from '../schema/load.ts'
import type { Context } from './context.ts'

/** A class of errors, any arguments. */
// oxlint-disable-next-line typescript/no-explicit-any -- any class of errors, whatever its constructor takes
export type ErrorClass<T extends Error = Error> = abstract new (...args: any[]) => T

/** What an error handler answers: one status, or all errors of a class. */
export type ErrorTarget = number | ErrorClass

/** The error that a handler for `Target` is given. */
export type ErrorOf<Target> = Target extends ErrorClass<infer T> ? T : HTTPError

/**
 * Turns an error into an answer: anything that a handler may return. A plain value keeps the error's status.
 *
 * For the status 500 the error is an {@link HTTPError} without detail, and its `cause` is what was thrown.
 */
export type ErrorHandler<Target = ErrorTarget> = (error: ErrorOf<Target>, c: Context) => unknown

// oxlint-disable-next-line typescript/no-explicit-any -- it is found by the status or class of the error it takes
type AnyHandler = (error: any, c: Context) => unknown

/** The error handlers of one app or blueprint. */
export class ErrorHandlers {
  readonly #byStatus = new Map<number, AnyHandler>()
  readonly #byClass = new Map<ErrorClass, AnyHandler>()

  /** @throws {TypeError} when `target` has a handler already: the second would never run */
  add(target: ErrorTarget, handler: AnyHandler): void {
    const known =
      typeof target === 'number' ? this.#byStatus.has(target) : this.#byClass.has(target)
    if (known) {
      const name = typeof target === 'number' ? target : target.name
      throw new TypeError(`There is an error handler for ${name} here already.`)
    }
    if (typeof target === 'number') this.#byStatus.set(target, handler)
    else this.#byClass.set(target, handler)
  }

  /** The handler for what was thrown: by status first, then by the nearest class. */
  find(thrown: unknown, shown: HTTPError): { run: AnyHandler; error: unknown } | undefined {
    const byStatus = this.#byStatus.get(shown.status)
    if (byStatus) return { run: byStatus, error: shown }
    if (this.#byClass.size === 0) return undefined
    const byClass = this.#nearest(thrown)
    if (byClass) return { run: byClass, error: thrown }
    const byShown = shown === thrown ? undefined : this.#nearest(shown)
    return byShown && { run: byShown, error: shown }
  }

  #nearest(thrown: unknown): AnyHandler | undefined {
    for (let proto = Object(thrown); proto; proto = Object.getPrototypeOf(proto)) {
      const handler = Object.hasOwn(proto, 'constructor') && this.#byClass.get(proto.constructor)
      if (handler) return handler
    }
    return undefined
  }
}

/** What an extension says of errors of its own: how a client may see them. */
export interface Translation<T extends Error = Error> {
  readonly from: ErrorClass<T>
  /** An {@link HTTPError}; any other error stays a 500 without detail. */
  readonly translate: (error: T) => Error
}

/** The error as a client may see it: what is the client's fault says so, anything else is a 500 without detail. */
export function toShown(thrown: unknown, translations: readonly Translation[]): HTTPError {
  if (thrown instanceof HTTPError) return thrown
  for (const { from, translate } of translations) {
    const translated = thrown instanceof from ? translate(thrown) : undefined
    if (translated instanceof HTTPError) return translated
  }
  if (thrown instanceof ValidationError) {
    return new InvalidInput({ data: thrown.errors }, thrown.message, { cause: thrown })
  }
  if (thrown instanceof TooManyFields) {
    return new BadRequest('The query string has too many fields.', { cause: thrown })
  }
  return new HTTPError(500, undefined, { cause: thrown })
}
