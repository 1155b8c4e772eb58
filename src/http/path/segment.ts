import type { ParamPart, PathPart } from './grammar.ts'

/**
 * What stands between two slashes of a path; or all the rest of it, when a parameter may hold
 * slashes.
 */
export interface Segment {
  /**
   * Statics and parameters as they follow one another; one static or none where {@link isStatic}.
   */
  readonly parts: readonly PathPart[]
  readonly isStatic: boolean
  /** Takes the rest of the path. */
  readonly isFinal: boolean
  /** Is final, and a slash closes it. */
  readonly endsWithSlash: boolean
}

/**
 * @returns the segments of a path behind its leading slash; one that ends with a slash has an empty
 * last one
 */
export function toSegments(parts: readonly PathPart[]): Segment[] {
  const segments: Segment[] = []
  let current: PathPart[] = []
  for (const part of parts) {
    if (part.kind === 'param') {
      current.push(part)
      continue
    }
    for (const [i, text] of part.text.split('/').entries()) {
      if (i > 0) {
        if (current.some(isMultiSegment)) current.push(SLASH)
        else {
          segments.push(toSegment(current))
          current = []
        }
      }
      if (text !== '') current.push({ kind: 'static', text })
    }
  }
  const last = toSegment(current)
  return [...segments.slice(1), last, ...(last.endsWithSlash ? [toSegment([])] : [])]
}

const SLASH: PathPart = Object.freeze({ kind: 'static', text: '/' })

/**
 * @returns the segment that `parts` make, slashes among them only behind a parameter that may hold
 * some
 */
export function toSegment(parts: readonly PathPart[]): Segment {
  const isFinal = parts.some(isMultiSegment)
  const endsWithSlash = isFinal && parts.at(-1) === SLASH
  return {
    parts: endsWithSlash ? parts.slice(0, -1) : parts,
    isStatic: !parts.some((part) => part.kind === 'param'),
    isFinal,
    endsWithSlash,
  }
}

function isMultiSegment(part: PathPart): boolean {
  return part.kind === 'param' && part.converter.multiSegment === true
}

/** @returns what is equal for two segments that match the same */
export function identityOf({ parts, endsWithSlash }: Segment): string {
  const identities = parts.map((part) =>
    part.kind === 'static' ? part.text : `<${part.identity}>`,
  )
  return identities.join('') + (endsWithSlash ? '/' : '')
}

/** @returns the text that a static segment matches */
export function staticText({ parts }: Segment): string {
  return parts.map((part) => (part.kind === 'static' ? part.text : '')).join('')
}

/** Order two segments by which to try first, as Werkzeug weighs them. */
export function compareSegments(a: Segment, b: Segment): number {
  return (
    compareLists(staticWeights(a), staticWeights(b)) ||
    compareLists(paramWeights(a), paramWeights(b))
  )
}

/** More items first, then the first lesser one. */
function compareLists(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return b.length - a.length
  const i = a.findIndex((weight, at) => weight !== b[at])
  return i < 0 ? 0 : a[i]! - b[i]!
}

function staticWeights({ parts }: Segment): number[] {
  return parts.flatMap((part) =>
    part.kind === 'static' && part !== SLASH ? [-part.text.length] : [],
  )
}

function paramWeights({ parts }: Segment): number[] {
  return parts.filter(isParam).map(({ converter }) => converter.weight ?? 100)
}

/** @returns whether a part is a parameter */
export function isParam(part: PathPart): part is ParamPart {
  return part.kind === 'param'
}
