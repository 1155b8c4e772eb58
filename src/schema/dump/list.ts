import type { z } from 'zod'
import { type Piece, write } from './piece.ts'
import type { Program } from './program.ts'

/** A list of one kind of item. */
export function arrayPiece(
  schema: z.core.$ZodType,
  def: z.core.$ZodArrayDef,
  program: Program,
): Piece {
  return program.define(schema, 'a list', () => {
    const item = program.pieceOf(def.element, '[]')
    return `${CHECK_LIST}let s = '['\n${restStatements(item, 0)}return s + ']'\n`
  })
}

/** A list whose first items have a schema each. */
export function tuplePiece(
  schema: z.core.$ZodType,
  def: z.core.$ZodTupleDef,
  program: Program,
): Piece {
  return program.define(schema, 'a list', () => {
    const items = def.items.map((item, i) => program.pieceOf(item, `[${i}]`))
    const rest = def.rest && program.pieceOf(def.rest, '[]')
    const tooMany = `if (n > ${items.length}) return wrong(v, 'a list of at most ${items.length}')\n`
    return [
      `${CHECK_LIST}let s = '['\n`,
      ...items.map((item, i) => fixedStatements(item, i)),
      rest ? restStatements(rest, items.length) : tooMany,
      `return s + ']'\n`,
    ].join('')
  })
}

/** A Set leaves as a list. */
export function setPiece(schema: z.core.$ZodType, def: z.core.$ZodSetDef, program: Program): Piece {
  return program.define(schema, 'a Set', () => {
    const item = program.pieceOf(def.valueType, '[]')
    return [
      `if (!(v instanceof Set)) return wrong(v, 'a Set')\nlet s = '[', i = 0\n`,
      `for (x of v) {\n${itemStatements(item)}i++\n}\nreturn s + ']'\n`,
    ].join('')
  })
}

const CHECK_LIST = `if (!isArray(v)) return wrong(v, 'a list')\nconst n = v.length\n`

function restStatements(item: Piece, start: number): string {
  return `for (let i = ${start}; i < n; i++) {\nx = v[i]\n${itemStatements(item)}}\n`
}

/** An item of a tuple; optional ones at the end may be missing. */
function fixedStatements(item: Piece, index: number): string {
  const body = `{\nconst i = ${index}\nx = v[i]\n${itemStatements(item)}}\n`
  return item.absent ? `if (n > ${index}) ${body}` : body
}

/** Statements that write `x`, item `i`; a list has no gaps, so undefined leaves as null. */
function itemStatements(item: Piece): string {
  const separate = `if (i !== 0) s += ','\n`
  const body = write(item, 'i', (text) => `s += ${text}`)
  const guarded = item.absent ? `if (x === undefined) s += 'null'\nelse {\n${body}}\n` : body
  return `${separate}${item.prepare}\n${guarded}`
}
