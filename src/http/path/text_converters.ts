import { bindArgs, integerArg } from './args.ts'
import { type Converter, type ConverterFactory, misfit } from './converter.ts'

/** One segment, not empty; with limits, that many characters. */
export const string: ConverterFactory<string> = (args) => {
  const bound = bindArgs(args, ['minlength', 'maxlength', 'length'])
  const exact = integerArg(bound, 'length', 1)
  const min = exact ?? integerArg(bound, 'minlength', 1) ?? 1
  const max = exact ?? integerArg(bound, 'maxlength', 1) ?? Infinity
  if (max < min) throw new TypeError('"maxlength" is less than "minlength"')
  return textConverter({
    pattern: bound.size === 0 ? '[^/]+' : `[^/]{${min},${max === Infinity ? '' : max}}`,
    jsonSchema: {
      type: 'string',
      minLength: min,
      ...(max !== Infinity && { maxLength: max }),
    },
    parse:
      bound.size === 0
        ? (text) => (text === '' ? undefined : text)
        : (text) => (hasLength(text, min, max) ? text : undefined),
  })
}

/** The rest of the path, slashes and all; does not begin with one. */
export const path: ConverterFactory<string> = (args) => {
  bindArgs(args, [])
  return {
    ...textConverter({
      // A line feed ends Python's `.`, so it does here.
      pattern: '[^/][^\\n]*?',
      jsonSchema: { type: 'string', minLength: 1 },
      parse: (text) =>
        text === '' || text.startsWith('/') || text.includes('\n', 1) ? undefined : text,
    }),
    weight: 200,
    multiSegment: true,
  }
}

/** A UUID in either case; yields lower case. */
export const uuid: ConverterFactory<string> = (args) => {
  bindArgs(args, [])
  return textConverter({
    pattern: UUID,
    jsonSchema: { type: 'string', format: 'uuid' },
    parse: (text) => (WHOLE_UUID.test(text) ? text.toLowerCase() : undefined),
  })
}

/** One of the texts listed. */
export const any: ConverterFactory<string> = (args) => {
  const items = new Set(args.positional)
  bindArgs({ positional: [], named: args.named }, [])
  if (items.size === 0) throw new TypeError('it needs the texts to choose from')
  const wrong = args.positional.find((item) => item === '' || item.includes('/'))
  if (wrong !== undefined) throw new TypeError(`"${wrong}" can never be a segment`)
  return textConverter({
    pattern: [...items].map(toPattern).join('|'),
    jsonSchema: { type: 'string', enum: [...items] },
    parse: (text) => (items.has(text) ? text : undefined),
  })
}

const UUID = '[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}'
const WHOLE_UUID = new RegExp(`^${UUID}$`)

type TextConverter = Pick<Converter<string>, 'pattern' | 'jsonSchema' | 'parse'>

/** Complete a converter of texts: it writes whatever it reads, as it reads it. */
function textConverter(texts: TextConverter): Converter<string> {
  return {
    ...texts,
    parsesStrictly: true,
    format(value) {
      const text = typeof value === 'string' && value.isWellFormed() ? this.parse(value) : undefined
      if (text === undefined || (text.includes('/') && !this.multiSegment)) throw misfit(value)
      return text
    },
  }
}

// Characters as Python counts them: code points, never more than UTF-16 units and never fewer than
// half.
function hasLength(text: string, min: number, max: number): boolean {
  if (text.length < min || text.length > max * 2) return false
  let length = 0
  for (const _ of text) length++
  return length >= min && length <= max
}

/** @returns a regular expression source that matches just `text` */
export function toPattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
}
