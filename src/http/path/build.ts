import { encodePath, encodeQuery, type QueryValue } from './encode.ts'
import type { ParamPart, PathPart } from './grammar.ts'

/** What a URL has besides its path. */
export interface UrlParts {
  readonly query?: Readonly<Record<string, QueryValue>> | undefined
  /** What stands behind `#`. */
  readonly anchor?: string | undefined
}

/** How to write a path, besides its parameters. */
export interface BuildOptions extends UrlParts {
  /** The route's constants: they fill in for parameters, and may be repeated but not changed. */
  readonly defaults?: Readonly<Record<string, unknown>> | undefined
}

/**
 * Write the path of a route: the inverse of matching it.
 *
 * @throws {TypeError} when a parameter is missing, does not fit its converter, or is not the
 * route's
 */
export function buildPath(
  parts: readonly PathPart[],
  params: Readonly<Record<string, unknown>> = {},
  { query, anchor, defaults = {} }: BuildOptions = {},
): string {
  checkNames(parts, params, defaults)
  let url = ''
  for (const part of parts) {
    url += encodePath(
      part.kind === 'static'
        ? part.text
        : format(parts, part, params[part.name] ?? defaults[part.name]),
    )
  }
  const search = query ? encodeQuery(query) : ''
  if (search !== '') url += `?${search}`
  return anchor === undefined ? url : `${url}#${encodeURI(anchor.toWellFormed())}`
}

/** The path as it was declared, for messages. */
export function toSource(parts: readonly PathPart[]): string {
  return parts.map((part) => (part.kind === 'static' ? part.text : part.source)).join('')
}

function format(parts: readonly PathPart[], part: ParamPart, value: unknown): string {
  if (value === undefined || value === null) throw unfit(parts, part, 'is missing')
  try {
    return part.converter.format(value)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw unfit(parts, part, `cannot be written by ${part.source}: ${reason}`, cause)
  }
}

function unfit(
  parts: readonly PathPart[],
  { name }: ParamPart,
  fault: string,
  cause?: unknown,
): TypeError {
  return new TypeError(`The parameter "${name}" of ${toSource(parts)} ${fault}.`, { cause })
}

function checkNames(
  parts: readonly PathPart[],
  params: Readonly<Record<string, unknown>>,
  defaults: Readonly<Record<string, unknown>>,
): void {
  for (const name in params) {
    const value = params[name]
    if (value === undefined || value === null) continue
    if (parts.some((part) => part.kind === 'param' && part.name === name)) continue
    if (!Object.hasOwn(defaults, name)) {
      throw new TypeError(
        `${toSource(parts)} has no parameter "${name}". Pass what belongs behind "?" as query.`,
      )
    }
    if (!Object.is(value, defaults[name])) {
      throw new TypeError(`The route ${toSource(parts)} fixes "${name}"; it cannot be changed.`)
    }
  }
}
