import { z } from 'zod'
import { compileDump, type Dumper } from '../schema/dump.ts'
import { type SchemaLike, toZod } from '../schema/schema_like.ts'
import type { Contract } from './contract.ts'

type ByStatus = Readonly<Record<number, SchemaLike | null>>

/** The compiled `output` of a contract. */
export interface Outputs {
  /** Undefined when the contract declares none: then anything may leave. */
  readonly byStatus: ReadonlyMap<number, Dumper | null> | undefined
  /** For a plain value: 200 when declared, else the lowest status that is. */
  readonly status: number
  /** The serializer for {@link status}. */
  readonly dumper: Dumper | null | undefined
  /** Whether a plain value is a list, which must not be taken for `[body, status]`. */
  readonly isList: boolean
}

const UNDECLARED: Outputs = { byStatus: undefined, status: 200, dumper: undefined, isList: false }

/**
 * @param label of the route, for messages
 * @throws {TypeError} when a schema cannot be written as JSON
 */
export function compileOutputs(label: string, output: Contract['output']): Outputs {
  if (output === undefined) return UNDECLARED
  const declared: ByStatus = isSchema(output) ? { 200: output } : output
  const byStatus = new Map(
    Object.entries(declared).map(([status, schema]) => [
      toStatus(label, status),
      schema && compileDump(toZod(schema), { label: `${label}, output ${status}` }),
    ]),
  )
  const status = byStatus.has(200) ? 200 : Math.min(...byStatus.keys())
  const schema = declared[status]
  const isList = schema instanceof z.core.$ZodArray || schema instanceof z.core.$ZodTuple
  return { byStatus, status, dumper: byStatus.get(status), isList }
}

function toStatus(label: string, text: string): number {
  const status = Number(text)
  if (Number.isInteger(status) && status >= 200 && status <= 599) return status
  throw new TypeError(
    `${label}: output is one schema, or schemas by status (200 to 599), not "${text}".`,
  )
}

function isSchema(output: SchemaLike | ByStatus): output is SchemaLike {
  return output instanceof z.core.$ZodType
}
