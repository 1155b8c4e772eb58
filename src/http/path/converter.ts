import { inspect } from 'node:util'
import { bindArgs, type ConverterArgs } from './args.ts'

/** How one parameter of a path is recognised, read and written. */
export interface Converter<T> {
  /** Regular expression source, matched with the `u` flag; without capture groups. */
  readonly pattern: string
  /** Order among the candidates for one place, lowest first; 100 unless told. */
  readonly weight?: number
  /** The value may hold slashes, so that it takes the rest of the path. */
  readonly multiSegment?: boolean
  /**
   * `parse` alone refuses all that `pattern` does not match, so that no regular expression need
   * run.
   */
  readonly parsesStrictly?: boolean
  /** The parameter's schema in OpenAPI. */
  readonly jsonSchema: Readonly<Record<string, unknown>>
  /** @returns `undefined` when the text is no such value; then the next route is tried */
  parse(text: string): T | undefined
  /** @throws {TypeError} when the value does not fit */
  format(value: T): string
}

/** Makes a converter from its arguments in the path; see {@link defineConverter}. */
export type ConverterFactory<T> = (args: ConverterArgs) => Converter<T>

/** What {@link defineConverter} is told; the schema is `{ type: 'string' }` unless told. */
export type ConverterDefinition<T> = Omit<Converter<T>, 'jsonSchema' | 'parsesStrictly'> &
  Partial<Pick<Converter<T>, 'jsonSchema'>>

/**
 * A converter of your own; its value type is that of `parse`. One that takes arguments, as in
 * `<even(max=8):n>`, is a function of them.
 *
 * `urlFor` checks that what `format` gives matches `pattern`.
 *
 * @throws {SyntaxError} when `pattern` is no regular expression
 */
export function defineConverter<T>(
  define: ConverterDefinition<T> | ((args: ConverterArgs) => ConverterDefinition<T>),
): ConverterFactory<T> {
  if (typeof define === 'function') return (args) => toConverter(define(args))
  const converter = toConverter(define)
  return (args) => {
    bindArgs(args, [])
    return converter
  }
}

function toConverter<T>(definition: ConverterDefinition<T>): Converter<T> {
  const whole = new RegExp(`^(?:${definition.pattern})$`, 'u')
  return {
    jsonSchema: { type: 'string' },
    ...definition,
    parse: (text) => definition.parse(text),
    format(value) {
      const text = definition.format(value)
      if (!whole.test(text)) throw misfit(value)
      return text
    },
  }
}

/** @returns the error of a converter that cannot write `value` */
export function misfit(value: unknown): TypeError {
  return new TypeError(`${inspect(value, { depth: 0, maxStringLength: 80 })} does not fit`)
}
