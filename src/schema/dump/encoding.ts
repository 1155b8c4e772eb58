import type { z } from 'zod'
import { broken, under, wrong } from './fault.ts'

/** Stands for "does not fit", since undefined may be what a codec encodes to. */
export const FAILED: unique symbol = Symbol('failed')

type CodecDef = Pick<z.core.$ZodCodecDef, 'reverseTransform'>

/** Encode with a codec. @returns {@link FAILED}, and leaves a fault, when it cannot */
export function encode(def: CodecDef, value: unknown): unknown {
  const payload: z.core.ParsePayload = { value, issues: [] }
  try {
    const encoded: unknown = def.reverseTransform(value, payload)
    if (encoded instanceof Promise) return broke(value, 'a codec that does not wait', undefined)
    return payload.issues.length === 0 ? encoded : failed(payload)
  } catch (error) {
    return broke(value, 'a value that its codec can encode', error)
  }
}

/** Undo the out side of a pipe with zod. @returns {@link FAILED}, and leaves a fault, when it does not fit */
export function backward(schema: z.core.$ZodType, value: unknown): unknown {
  // A custom schema is nothing but its check.
  const skipChecks = schema._zod.def.type !== 'custom'
  try {
    const payload = schema._zod.run(
      { value, issues: [] },
      { async: false, direction: 'backward', skipChecks },
    )
    if (payload instanceof Promise) return broke(value, 'a schema that does not wait', undefined)
    return payload.issues.length === 0 ? payload.value : failed(payload)
  } catch (error) {
    return broke(value, 'a value that its schema can encode', error)
  }
}

function broke(value: unknown, expected: string, cause: unknown): typeof FAILED {
  broken(value, expected, cause)
  return FAILED
}

function failed({ value, issues }: z.core.ParsePayload): typeof FAILED {
  const [issue] = issues
  const path = issue?.path ?? []
  const expected = issue?.code === 'invalid_type' ? `type ${issue.expected}` : 'a value that fits'
  wrong(issue && 'input' in issue ? issue.input : value, expected, undefined)
  for (const step of path.toReversed()) under(typeof step === 'number' ? step : String(step))
  return FAILED
}
