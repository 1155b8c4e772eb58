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
  /** The serializers of one item, where the output is a list; compiled when they are first asked for. */
  readonly items: ((status: number) => Dumper | undefined) | undefined
  /** Whether a plain value is a list, which must not be taken for `[body, status]`. */
  readonly isList: boolean
}

const UNDECLARED: Outputs = {
  byStatus: undefined,
  status: 200,
  dumper: undefined,
  items: undefined,
  isList: false,
}

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
  const items = itemDumpers(label, declared)
  return { byStatus, status, dumper: byStatus.get(status), items, isList }
}

function itemDumpers(label: string, declared: ByStatus): NonNullable<Outputs['items']> {
  const compiled = new Map<number, Dumper>()
  return (status) => {
    const schema = declared[status]
    if (!(schema instanceof z.core.$ZodArray)) return undefined
    let dumper = compiled.get(status)
    if (!dumper) {
      const item = schema._zod.def.element
      dumper = compileDump(item, { label: `${label}, output ${status}, an item` })
      compiled.set(status, dumper)
    }
    return dumper
  }
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
