import type { z } from 'zod'
import { toISOTime } from '../../lib/iso_time.ts'
import { isPlainObject, own } from './object_reading.ts'
import { backward, encode, FAILED } from './encoding.ts'
import { deeper, noneFits, under, wrong } from './fault.ts'
import { mergeJSON, quote, toAnyJSON } from './json_text.ts'
import { call, type Piece, write } from './piece.ts'

/** Makes the piece for one schema. */
export type ToPiece = (schema: z.core.$ZodType, program: Program) => Piece

/** What generated code may call, by the name it has there. */
const RUNTIME = {
  wrong,
  under,
  deeper,
  noneFits,
  quote,
  toAnyJSON,
  toISOTime,
  mergeJSON,
  own,
  isPlainObject,
  backward,
  encode,
  FAILED,
  isArray: Array.isArray,
  isInteger: Number.isSafeInteger,
}

/** The code that is generated for one schema: functions, and the constants that they use. */
export class Program {
  readonly #label: string
  readonly #toPiece: ToPiece
  readonly #pieces = new Map<z.core.$ZodType, Piece>()
  readonly #constants: unknown[] = []
  readonly #functions: string[] = []
  #functionCount = 0
  #path = ''

  constructor(label: string, toPiece: ToPiece) {
    this.#label = label
    this.#toPiece = toPiece
  }

  /**
   * Generate code for a schema, once.
   *
   * @param step to it from the schema around it, for messages: `'.name'`, `'[]'`
   */
  pieceOf(schema: z.core.$ZodType, step = ''): Piece {
    const known = this.#pieces.get(schema)
    if (known) return known
    const outside = this.#path
    this.#path += step
    const piece = this.#toPiece(schema, this)
    this.#path = outside
    this.#pieces.set(schema, piece)
    return piece
  }

  /**
   * Generate a function for a schema. It gets the value as `v`, may use `x` and `t`, and returns the text or undefined.
   *
   * The piece is known before its body, so a schema may hold itself.
   */
  define(schema: z.core.$ZodType, expected: string, toBody: () => string): Piece {
    const name = `f${this.#functionCount++}`
    const piece = call(expected, name, schema._zod.optout === 'optional')
    this.#pieces.set(schema, piece)
    this.#functions.push(`function ${name}(v) {\nlet x = v, t\n${toBody()}}`)
    return piece
  }

  /** @returns the name that a value has in generated code */
  constant(value: unknown): string {
    return `k${this.#constants.push(value) - 1}`
  }

  /** @returns the error for a schema that has no JSON form */
  unsupported(reason: string): TypeError {
    const path = this.#path.replace(/^\./, '')
    return new TypeError(`${this.#label}: ${path === '' ? 'the schema' : path}: ${reason}`)
  }

  /** @returns the function that writes a value, or returns undefined and leaves a fault */
  link(piece: Piece): (value: unknown) => string | undefined {
    const root = `function root(x) {\nlet t\n${piece.prepare}\n${write(piece, undefined, (text) => `return ${text}`)}}`
    const constants = this.#constants.map((_, i) => `const k${i} = constants[${i}]`)
    const source = [`'use strict'`, ...constants, ...this.#functions, root, 'return root'].join(
      '\n',
    )
    // oxlint-disable-next-line typescript/no-implied-eval -- what the schema says is in it as literals only
    const program = new Function('constants', ...Object.keys(RUNTIME), source)
    return program(this.#constants, ...Object.values(RUNTIME))
  }
}
