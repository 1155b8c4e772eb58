import { didYouMean } from '../../lib/nearest.ts'
import { parseArgs } from './args.ts'
import type { Converter, ConverterFactory } from './converter.ts'
import { bigint, float, int } from './number_converters.ts'
import type { ConverterFactories } from './params.ts'
import * as texts from './text_converters.ts'

/** A stretch of a path that stands for itself; slashes are part of it. */
interface StaticPart {
  readonly kind: 'static'
  readonly text: string
}

/** A parameter of a path. */
export interface ParamPart {
  readonly kind: 'param'
  readonly name: string
  /** As it is written in the path: `<int(min=1):id>`. */
  readonly source: string
  /**
   * Equal for two parameters that match the same: name of the converter, its maker and its
   * arguments.
   */
  readonly identity: string
  readonly converter: Converter<unknown>
}

/** A piece of a path, in the order in which they are written. */
export type PathPart = StaticPart | ParamPart

/** A path that nobody could match or build; found when the route is declared. */
export class PathError extends TypeError {
  override readonly name = 'PathError'
}

const BUILTIN: ConverterFactories = {
  string: texts.string,
  int,
  float,
  path: texts.path,
  uuid: texts.uuid,
  any: texts.any,
  bigint,
}

const PARAM = /<(?:([A-Za-z_]\w*)(?:\((.*?)\))?:)?([A-Za-z_]\w*)>/y

/**
 * Read a path in Flask's grammar: `/shops/<shop>/orders/<int(min=1):order_id>`.
 *
 * @param converters of the app's own; one named like a built-in replaces it
 * @throws {PathError} when it is malformed, names an unknown converter or a parameter twice
 */
export function parsePath(text: string, converters: ConverterFactories = {}): PathPart[] {
  if (!text.startsWith('/')) throw new PathError(`The path "${text}" must begin with a slash.`)
  return parseParts(text, converters)
}

/** Read what {@link parsePath} reads, without asking for a slash in front: a host, for example. */
export function parseParts(text: string, converters: ConverterFactories): PathPart[] {
  const parts: PathPart[] = []
  const names = new Set<string>()
  for (let at = 0; at < text.length;) {
    const start = text.indexOf('<', at)
    const end = start < 0 ? text.length : start
    if (end > at) parts.push(toStatic(text, text.slice(at, end)))
    if (start < 0) break
    const param = parseParam(text, start, converters)
    if (names.has(param.name)) {
      throw new PathError(`The path "${text}" has two parameters named "${param.name}".`)
    }
    names.add(param.name)
    parts.push(param)
    at = start + param.source.length
  }
  return parts
}

function toStatic(path: string, text: string): StaticPart {
  const wrong = /[>?#]/.exec(text)?.[0]
  if (wrong !== undefined) throw new PathError(`The path "${path}" has a stray "${wrong}".`)
  return { kind: 'static', text: text.replaceAll(/\/{2,}/g, '/') }
}

function parseParam(path: string, at: number, converters: ConverterFactories): ParamPart {
  PARAM.lastIndex = at
  const [source, kind = 'string', args = '', name = ''] = PARAM.exec(path) ?? []
  if (source === undefined || source.indexOf('<', 1) > 0) {
    throw new PathError(
      `The path "${path}" is malformed at "${path.slice(at)}". Write <name> or <converter:name>.`,
    )
  }
  if (name === '__proto__') throw new PathError(`The path "${path}" may not name "${name}".`)
  const factory = findFactory(path, kind, converters)
  const converter = makeConverter(path, source, factory, args)
  return { kind: 'param', name, source, identity: `${kind}#${idOf(factory)}(${args})`, converter }
}

function findFactory(
  path: string,
  name: string,
  converters: ConverterFactories,
): ConverterFactory<unknown> {
  const known = { ...BUILTIN, ...converters }
  if (Object.hasOwn(known, name)) return known[name]!
  const names = Object.keys(known)
  throw new PathError(
    `The path "${path}" names the converter "${name}", which does not exist.` +
      `${didYouMean(name, names)} Known are ${names.join(', ')}.`,
  )
}

function makeConverter(
  path: string,
  source: string,
  factory: ConverterFactory<unknown>,
  args: string,
): Converter<unknown> {
  try {
    const converter = factory(parseArgs(args))
    checkPattern(converter.pattern)
    return converter
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new PathError(`In the path "${path}", ${source} is wrong: ${reason}.`, { cause })
  }
}

function checkPattern(pattern: string): void {
  const groups = new RegExp(`${pattern}|`, 'u').exec('')!.length - 1
  if (groups > 0) throw new TypeError(`its pattern has capture groups; write (?:…)`)
}

const ids = new WeakMap<ConverterFactory<unknown>, number>()
let lastId = 0

function idOf(factory: ConverterFactory<unknown>): number {
  const known = ids.get(factory)
  if (known !== undefined) return known
  ids.set(factory, ++lastId)
  return lastId
}
