import { type AnySchema, childrenOf } from './traverse.ts'

/** Deeper input for a schema that contains itself is refused: each level costs stack. */
const MAX_DEPTH = 256

/** Whether `schema` contains itself, so that its input may be nested without end. */
export function isRecursive(schema: AnySchema): boolean {
  const finished = new Set<AnySchema>()
  const open = new Set<AnySchema>()
  const visit = (each: AnySchema): boolean => {
    if (open.has(each)) return true
    if (finished.has(each)) return false
    open.add(each)
    const found = childrenOf(each).some(visit)
    open.delete(each)
    finished.add(each)
    return found
  }
  return visit(schema)
}

/** Whether objects and lists in `value` are nested more than 256 deep. */
export function isTooDeep(value: unknown): boolean {
  let level = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return true
    level = level.flatMap(containersIn)
  }
  return false
}

/** Whether `value` is deeper than that, or any object or list in it has more than 10,000 members. */
export function isHuge(value: unknown): boolean {
  let level = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH || level.some(isWide)) return true
    level = level.flatMap(containersIn)
  }
  return false
}

function containersIn(value: unknown): unknown[] {
  return isContainer(value) ? Object.values(value).filter(isContainer) : []
}

function isWide(value: unknown): boolean {
  return isContainer(value) && Object.keys(value).length > 10_000
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
