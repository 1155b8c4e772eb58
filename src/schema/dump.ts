import type { z } from 'zod'
import { DumpError } from './dump/dump_error.ts'
import { toDumpError } from './dump/fault.ts'
import { fromExactJSON } from './dump/json_text.ts'
import { toPiece } from './dump/kinds.ts'
import { Program } from './dump/program.ts'
import type { SchemaLike } from './schema_like.ts'

/** Writes what a handler returned as JSON. */
export interface Dumper {
  /** @throws {DumpError} when the value does not fit the schema */
  toJSON(value: unknown): string
  /**
   * The same as plain values, as a client reads it; an integer beyond 2^53 as a `JSON.rawJSON`.
   *
   * @throws {DumpError} when the value does not fit the schema
   */
  toValue(value: unknown): unknown
}

export interface DumpOptions {
  /** What the schema is for, to begin error messages with: `'GET /tasks, output 200'`. */
  label?: string
}

/** What a handler may hand over for a schema: its output, readonly at every depth. */
export type Dump<S extends SchemaLike> = DeepReadonly<S['_zod']['output']>

type Whole =
  | string
  | number
  | boolean
  | bigint
  | symbol
  | null
  | undefined
  | Date
  | URL
  | Uint8Array

/** What `z.json()` describes; named here because taking it apart would never end. */
type JSONValue =
  | string
  | number
  | boolean
  | null
  | readonly JSONValue[]
  | { readonly [member: string]: JSONValue }

type DeepReadonly<T> = unknown extends T
  ? T
  : [z.core.util.JSONType] extends [T]
    ? JSONValue
    : T extends Whole
      ? T
      : T extends ReadonlySet<infer E>
        ? ReadonlySet<E>
        : { readonly [K in keyof T]: DeepReadonly<T[K]> }

/**
 * Turn a schema into a function that writes its output as JSON.
 *
 * Codecs encode, defaults stand in for undefined, and what the schema does not name never leaves. Only structure and
 * types are checked: lengths, patterns, ranges and refinements are for what comes in, and are not run here. A union
 * takes the first option that fits by type.
 *
 * The function is generated code, which was measured to be as fast as fast-json-stringify with these checks in it;
 * Fastify's router generates code too, so there is no runtime for Dewar where it is refused.
 *
 * @throws {TypeError} when the schema has no JSON form, or cannot be encoded
 */
export function compileDump(schema: z.core.$ZodType, { label = 'Dump' }: DumpOptions = {}): Dumper {
  const program = new Program(label, toPiece)
  const write = program.link(program.pieceOf(schema))
  const toJSON = (value: unknown): string => {
    let text
    try {
      text = write(value)
    } catch (error) {
      throw isOverflow(error) ? tooDeep(label, error) : error
    }
    if (text === undefined) throw toDumpError(label)
    return text
  }
  return { toJSON, toValue: (value) => fromExactJSON(toJSON(value)) }
}

/** V8's own error, also for a value that holds itself. */
function isOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message === 'Maximum call stack size exceeded'
}

function tooDeep(label: string, cause: unknown): DumpError {
  return new DumpError(`${label}: the value is nested too deeply, or holds itself.`, [], { cause })
}
