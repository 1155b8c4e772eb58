/** What stands in the brackets of `<int(min=1):id>`, as it was written; quotes are gone. */
export interface ConverterArgs {
  readonly positional: readonly string[]
  readonly named: ReadonlyMap<string, string>
}

const ARGUMENT = /\s*(?:([A-Za-z_]\w*)\s*=\s*)?(?:"([^"]*)"|'([^']*)'|([^\s,"'()=]+))\s*(?:,|$)/y

/**
 * Read the arguments of a converter: `a, "b c", length=2`.
 *
 * @throws {TypeError} when they are not a list, separated by commas, of words, quoted texts and
 * `name=value`
 */
export function parseArgs(text: string): ConverterArgs {
  const positional: string[] = []
  const named = new Map<string, string>()
  ARGUMENT.lastIndex = 0
  while (text.slice(ARGUMENT.lastIndex).trim() !== '') {
    const start = ARGUMENT.lastIndex
    const found = ARGUMENT.exec(text)
    if (!found) throw new TypeError(`cannot read the arguments from "${text.slice(start)}"`)
    const [, name, double, single, bare = ''] = found
    const value = double ?? single ?? bare
    if (name === undefined) positional.push(value)
    else if (named.has(name)) throw new TypeError(`the argument "${name}" is given twice`)
    else named.set(name, value)
  }
  return { positional, named }
}

/**
 * Name the arguments: positional ones take the names in order.
 *
 * @throws {TypeError} when there are more than names, or one of another name
 */
export function bindArgs(
  args: ConverterArgs,
  names: readonly string[],
): ReadonlyMap<string, string> {
  const known = names.length > 0 ? `it takes ${names.join(', ')}` : 'it takes none'
  if (args.positional.length > names.length) throw new TypeError(`too many arguments: ${known}`)
  const bound = new Map(args.positional.map((text, i) => [names[i]!, text]))
  for (const [name, text] of args.named) {
    if (!names.includes(name)) throw new TypeError(`unknown argument "${name}": ${known}`)
    if (bound.has(name)) throw new TypeError(`the argument "${name}" is given twice`)
    bound.set(name, text)
  }
  return bound
}

/** @throws {TypeError} when the argument is there and no number */
export function numberArg(args: ReadonlyMap<string, string>, name: string): number | undefined {
  const text = args.get(name)
  if (text === undefined || text === 'None') return undefined
  if (/^[+-]?\d+(?:\.\d+)?$/.test(text)) return Number(text)
  throw new TypeError(`"${name}" must be a number, not "${text}"`)
}

/** @throws {TypeError} when the argument is there and no integer of at least `least` */
export function integerArg(
  args: ReadonlyMap<string, string>,
  name: string,
  least: number = Number.MIN_SAFE_INTEGER,
): number | undefined {
  const value = numberArg(args, name)
  if (value === undefined || (Number.isSafeInteger(value) && value >= least)) return value
  throw new TypeError(`"${name}" must be an integer${least > -1 ? ` of at least ${least}` : ''}`)
}

/** @throws {TypeError} when the argument is there and no integer */
export function bigintArg(args: ReadonlyMap<string, string>, name: string): bigint | undefined {
  const text = args.get(name)
  if (text === undefined || text === 'None') return undefined
  if (/^-?\d+$/.test(text)) return BigInt(text)
  throw new TypeError(`"${name}" must be an integer, not "${text}"`)
}

/** @throws {TypeError} when the argument is there and neither true nor false */
export function booleanArg(args: ReadonlyMap<string, string>, name: string): boolean {
  const text = args.get(name)?.toLowerCase() ?? 'false'
  if (text === 'true' || text === 'false') return text === 'true'
  throw new TypeError(`"${name}" must be True or False, not "${text}"`)
}
