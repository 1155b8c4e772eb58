import { type ParamPart, parseParts, PathError, type PathPart } from './grammar.ts'
import { type Matcher, toMatcher } from './matcher.ts'
import { identityOf, isParam, type Segment, toSegment } from './segment.ts'

/** A host that a route asks for: `api.example.com`, or with parameters, `<tenant>.example.com`. */
export interface HostPattern {
  /** Equal for two that match the same hosts. */
  readonly identity: string
  readonly names: readonly string[]
  /**
   * Append the values of its parameters.
   *
   * @returns `false` for another host; some may be appended then
   */
  match(labels: readonly string[], values: unknown[]): boolean
}

/**
 * @throws {PathError} when it is malformed, has a port, or a parameter in it may hold more than one
 * label
 */
export function parseHost(text: string): HostPattern {
  const parts = parseParts(text, {})
  const labels = toLabels(parts)
  const params = parts.filter(isParam)
  checkHost(text, parts, params)
  const matchers = labels.map(toLabelMatcher)
  return {
    identity: labels.map(identityOf).join('.'),
    names: params.map((param) => param.name),
    match: (given, values) =>
      given.length === matchers.length && matchers.every((match, i) => match(given[i]!, values)),
  }
}

/** @returns the labels of a Host header, in lower case, without port and final dot */
export function hostLabels(host: string): string[] {
  return host.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '').split('.')
}

function checkHost(text: string, parts: readonly PathPart[], params: readonly ParamPart[]): void {
  const many = params.find((param) => param.converter.multiSegment)
  if (many) {
    throw new PathError(`The host "${text}" has ${many.source}, which may be more than one label.`)
  }
  const hasPath = parts.some((part) => part.kind === 'static' && /[:/\s]/.test(part.text))
  if (text === '' || hasPath) {
    throw new PathError(`The host "${text}" must be a name alone, without scheme, port and path.`)
  }
}

function toLabels(parts: readonly PathPart[]): Segment[] {
  const labels: PathPart[][] = [[]]
  for (const part of parts) {
    if (part.kind === 'param') labels.at(-1)!.push(part)
    else {
      for (const [i, text] of part.text.toLowerCase().split('.').entries()) {
        if (i > 0) labels.push([])
        if (text !== '') labels.at(-1)!.push({ kind: 'static', text })
      }
    }
  }
  return labels.map(toSegment)
}

function toLabelMatcher(label: Segment): Matcher {
  if (!label.isStatic) return toMatcher(label.parts)
  const expected = identityOf(label)
  return (text) => text === expected
}
