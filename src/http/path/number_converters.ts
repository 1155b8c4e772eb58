import { bigintArg, bindArgs, booleanArg, integerArg, numberArg } from './args.ts'
import { type Converter, type ConverterFactory, misfit } from './converter.ts'
import { parseShortDigits, toAsciiDigits, toDecimal } from './digits.ts'

// Werkzeug's: numbers are tried before texts.
const NUMBER_WEIGHT = 50

interface Limits<T> {
  readonly min: T | undefined
  readonly max: T | undefined
  readonly signed: boolean
}

/** Decimal digits of any script; never an integer that a number cannot hold. */
export const int: ConverterFactory<number> = (args) => {
  const bound = bindArgs(args, ['fixed_digits', 'min', 'max', 'signed'])
  const limits = {
    min: integerArg(bound, 'min'),
    max: integerArg(bound, 'max'),
    signed: booleanArg(bound, 'signed'),
  }
  const fixedDigits = integerArg(bound, 'fixed_digits', 0) ?? 0
  const read = (digits: string) => {
    const value = Number(digits)
    if (!Number.isSafeInteger(value) || !isWithin(value, limits)) return undefined
    return value === 0 ? 0 : value
  }
  const parse = digitsParser(read, limits.signed, fixedDigits)
  const isPlain = bound.size === 0
  return numberConverter<number>({
    pattern: integerPattern(limits.signed),
    jsonSchema: { type: 'integer', ...schemaOf(limits) },
    parse(text) {
      const short = isPlain ? parseShortDigits(text) : -1
      return short < 0 ? parse(text) : short
    },
    format: (value) => padDigits(String(value), fixedDigits),
  })
}

/** An integer of any size. */
export const bigint: ConverterFactory<bigint> = (args) => {
  const bound = bindArgs(args, ['min', 'max', 'signed'])
  const limits = {
    min: bigintArg(bound, 'min'),
    max: bigintArg(bound, 'max'),
    signed: booleanArg(bound, 'signed'),
  }
  const read = (digits: string) => {
    // Conversion is worse than linear; no integer in use has more digits than Python reads.
    const value = digits.length > MAX_BIGINT_DIGITS ? undefined : BigInt(digits)
    return value !== undefined && isWithin(value, limits) ? value : undefined
  }
  return numberConverter<bigint>({
    pattern: integerPattern(limits.signed),
    jsonSchema: { type: 'integer' },
    parse: digitsParser(read, limits.signed, 0),
    format: String,
  })
}

/** Digits, a point, digits; always finite. */
export const float: ConverterFactory<number> = (args) => {
  const bound = bindArgs(args, ['min', 'max', 'signed'])
  const limits = {
    min: numberArg(bound, 'min'),
    max: numberArg(bound, 'max'),
    signed: booleanArg(bound, 'signed'),
  }
  const pattern = `${limits.signed ? '-?' : ''}\\p{Nd}+\\.\\p{Nd}+`
  const whole = new RegExp(`^${pattern}$`, 'u')
  return numberConverter<number>({
    pattern,
    jsonSchema: { type: 'number', ...schemaOf(limits) },
    parse(text) {
      if (!whole.test(text)) return undefined
      const value = Number(toAsciiDigits(text))
      if (!Number.isFinite(value) || !isWithin(value, limits)) return undefined
      return value === 0 ? 0 : value
    },
    format: toDecimal,
  })
}

// Python's own limit for int(), sys.get_int_max_str_digits().
const MAX_BIGINT_DIGITS = 4300

type NumberConverter<T> = Pick<Converter<T>, 'pattern' | 'jsonSchema' | 'parse' | 'format'>

/** Complete a converter of numbers: what it writes must be what it reads. */
function numberConverter<T extends number | bigint>(numbers: NumberConverter<T>): Converter<T> {
  const { parse, format } = numbers
  return {
    ...numbers,
    weight: NUMBER_WEIGHT,
    parsesStrictly: true,
    format(value) {
      const isNumber = typeof value === 'number' || typeof value === 'bigint'
      const text = isNumber ? format(value) : ''
      if (!isNumber || parse(text) !== value) throw misfit(value)
      return text
    },
  }
}

function integerPattern(signed: boolean): string {
  return signed ? '-?\\p{Nd}+' : '\\p{Nd}+'
}

function digitsParser<T>(
  read: (digits: string) => T | undefined,
  signed: boolean,
  fixedDigits: number,
): (text: string) => T | undefined {
  const whole = new RegExp(`^${integerPattern(signed)}$`, 'u')
  return (text) => {
    if (!whole.test(text)) return undefined
    const digits = toAsciiDigits(text)
    return fixedDigits > 0 && digits.length !== fixedDigits ? undefined : read(digits)
  }
}

function padDigits(text: string, fixedDigits: number): string {
  return text.startsWith('-')
    ? `-${text.slice(1).padStart(fixedDigits - 1, '0')}`
    : text.padStart(fixedDigits, '0')
}

function isWithin<T extends number | bigint>(value: T, { min, max }: Limits<T>): boolean {
  return (min === undefined || value >= min) && (max === undefined || value <= max)
}

function schemaOf({ min, max, signed }: Limits<number>): Record<string, number> {
  const minimum = min ?? (signed ? undefined : 0)
  return {
    ...(minimum !== undefined && { minimum }),
    ...(max !== undefined && { maximum: max }),
  }
}
