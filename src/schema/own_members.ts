import { EmptyRecord } from '../lib/empty_record.ts'
import { type AnySchema, childrenOf, definitionOf } from './traverse.ts'

/** Whether an object in `schema` has a field such as `constructor`, which every object seems to have. */
export function namesInherited(schema: AnySchema, seen: Set<AnySchema> = new Set()): boolean {
  if (seen.has(schema)) return false
  seen.add(schema)
  const names = Object.keys(definitionOf(schema).shape ?? {})
  return (
    names.some((name) => name in Object.prototype) ||
    childrenOf(schema).some((child) => namesInherited(child, seen))
  )
}

/** A copy of a JSON value whose objects have no members but their own; zod reads inherited ones too. */
export function ownMembers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ownMembers)
  if (typeof value !== 'object' || value === null) return value
  if (Object.getPrototypeOf(value) !== Object.prototype) return value
  const own = new EmptyRecord()
  for (const [name, member] of Object.entries(value)) own[name] = ownMembers(member)
  return own
}
