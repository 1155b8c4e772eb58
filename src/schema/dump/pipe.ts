import type { z } from 'zod'
import { type Piece, write } from './piece.ts'
import type { Program } from './program.ts'
import { IS_DATE } from './scalars.ts'

const ONE_WAY =
  'a transform works one way only, from the client. Use z.codec(), or compute the value in the handler.'

/** What the out side accepts is encoded, and written as the in side says. */
export function pipePiece(
  schema: z.core.$ZodType,
  def: z.core.$ZodPipeDef,
  program: Program,
): Piece {
  if (isTransform(def.in) || isTransform(def.out)) throw program.unsupported(ONE_WAY)
  return program.define(schema, 'a value that its codec encodes', () => {
    const inner = program.pieceOf(def.in)
    return [
      outStatements(def.out, program),
      def.reverseTransform
        ? `x = encode(${program.constant(def)}, x)\nif (x === FAILED) return\n`
        : '',
      `${inner.prepare}\n`,
      write(inner, undefined, (text) => `return ${text}`),
    ].join('')
  })
}

/** @throws {TypeError} always */
export function transformPiece(program: Program): never {
  throw program.unsupported(ONE_WAY)
}

function isTransform(schema: z.core.$ZodType): boolean {
  return schema._zod.def.type === 'transform'
}

/** Statements that check `x`, and undo codecs inside the out side; the frequent kinds need no call of zod. */
function outStatements(out: z.core.$ZodType, program: Program): string {
  const { type } = out._zod.def
  if (type === 'any' || type === 'unknown') return ''
  if (type === 'date') return `if (!${IS_DATE}) return wrong(x, 'a Date')\n`
  if (type === 'string' || type === 'boolean' || type === 'bigint') {
    return `if (typeof x !== '${type}') return wrong(x, 'a ${type}')\n`
  }
  const { Class } = out._zod.bag
  if (type === 'custom' && typeof Class === 'function') {
    const expected = JSON.stringify(`an instance of ${Class.name}`)
    return `if (!(x instanceof ${program.constant(Class)})) return wrong(x, ${expected})\n`
  }
  return `x = backward(${program.constant(out)}, x)\nif (x === FAILED) return\n`
}
