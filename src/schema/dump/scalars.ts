import type { z } from 'zod'
import { leaf, type Piece } from './piece.ts'
import type { Program } from './program.ts'

/** Text. Lengths, formats and patterns are not checked; a Date may stand for an ISO date or datetime. */
export function stringPiece(def: z.core.$ZodTypeDef): Piece {
  const formats = formatsOf(def)
  if (formats.includes('datetime')) return isoPiece('an ISO datetime', 'toISOTime(x)')
  if (formats.includes('date')) return isoPiece('an ISO date', `x.toISOString().split('T')[0]`)
  return leaf('a string', `(typeof x === 'string')`, 'quote(x)')
}

/** A string, or a Date which `iso` turns into one. */
function isoPiece(expected: string, iso: string): Piece {
  return leaf(
    `${expected} or a Date`,
    `(typeof x === 'string' || ${IS_DATE})`,
    `(typeof x === 'string' ? quote(x) : quote(${iso}))`,
  )
}

/** JavaScript that is true for a Date that is not invalid. */
export const IS_DATE = `(x instanceof Date && x.getTime() === x.getTime())`

/** A finite number; one of an integer format must be whole and exact. Ranges are not checked. */
export function numberPiece(def: z.core.$ZodTypeDef): Piece {
  if (formatsOf(def).some((format) => format.includes('int')))
    return leaf('an integer', 'isInteger(x)', `('' + x)`)
  return leaf('a finite number', `(typeof x === 'number' && x - x === 0)`, `('' + x)`)
}

/** Formats stand in the schema itself (`z.int()`) or in its checks (`z.number().int()`). */
function formatsOf(def: z.core.$ZodTypeDef): string[] {
  const checks: readonly { _zod: { def: object } }[] = def.checks ?? []
  const formats = [def, ...checks.map((check) => check._zod.def)].map((part) => {
    return 'format' in part ? part.format : undefined
  })
  return formats.filter((format) => typeof format === 'string')
}

/** One of a list of values. */
export function valuesPiece(values: readonly z.core.util.Literal[], program: Program): Piece {
  const texts = new Map<unknown, string>()
  for (const value of values) {
    if (value !== undefined) texts.set(value, toText(value, program))
  }
  const shown = [...texts.values()].slice(0, 10).join(', ')
  const expected = `${texts.size > 1 ? 'one of ' : ''}${shown}${texts.size > 10 ? ', …' : ''}`
  const name = program.constant(texts)
  const piece = leaf(expected, `((t = ${name}.get(x)) !== undefined)`, 't')
  return { ...piece, absent: values.includes(undefined) }
}

function toText(value: z.core.util.Literal, program: Program): string {
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw program.unsupported(`JSON has no ${value}.`)
  }
  return JSON.stringify(value)
}
