import type { z } from 'zod'
import { literal, type Piece, write } from './piece.ts'
import type { Program } from './program.ts'

/** An object writes the members of its shape, read as properties, so that getters and class instances work. */
export function objectPiece(
  schema: z.core.$ZodType,
  { shape, catchall }: Pick<z.core.$ZodObjectDef, 'shape' | 'catchall'>,
  program: Program,
): Piece {
  return program.define(schema, 'an object', () => {
    const extras = catchall && catchall._zod.def.type !== 'never'
    return objectBody(
      Object.keys(shape).map((key) => [key, program.pieceOf(shape[key]!, `.${key}`)]),
      extras ? program.pieceOf(catchall, '.*') : undefined,
      program,
    )
  })
}

type Member = readonly [key: string, piece: Piece]

/** @param extras writes own members that are not named; none for an object that has no others */
export function objectBody(
  members: readonly Member[],
  extras: Piece | undefined,
  program: Program,
): string {
  return [
    `if (typeof v !== 'object' || v === null || isArray(v)) return wrong(v, 'an object')\n`,
    `let s = '{'\n`,
    ...memberStatements(members),
    extras ? extraStatements(members, extras, program) : '',
    `return s + '}'\n`,
  ].join('')
}

/** Whether a member was written before; known here for most, seen by the generated code for the others. */
type Comma = '' | ',' | '?'

function memberStatements(members: readonly Member[]): string[] {
  let comma: Comma = ''
  return members.map(([key, piece]) => {
    const statement = memberStatement(key, piece, comma)
    if (!piece.absent) comma = ','
    else if (comma === '') comma = '?'
    return statement
  })
}

function memberStatement(key: string, piece: Piece, comma: Comma): string {
  const name = literal(key)
  const read = key in Object.prototype ? `own(v, ${name})` : `v[${name}]`
  const start = `${comma === ',' ? ',' : ''}${JSON.stringify(key)}:`
  const separate = comma === '?' ? `if (s.length > 1) s += ','\n` : ''
  const body = write(piece, name, (text) => `${separate}s += ${literal(start)} + ${text}`)
  return `x = ${read}\n${piece.prepare}\n${piece.absent ? `if (x !== undefined) {\n${body}}\n` : body}`
}

/** All other own members, for a loose object or one with a catchall. */
function extraStatements(members: readonly Member[], piece: Piece, program: Program): string {
  const names = program.constant(new Set(members.map(([key]) => key)))
  return `for (const key of Object.keys(v)) {\nif (${names}.has(key)) continue\n${entryStatements(piece)}}\n`
}

/** Statements that write the member `key` of `v`, whose name is known only when they run. */
export function entryStatements(piece: Piece): string {
  const body = write(piece, 'key', (text) => {
    return `s += (s.length > 1 ? ',' : '') + quote(key) + ':' + ${text}`
  })
  const guard = piece.absent ? 'if (x === undefined) continue\n' : ''
  return `x = v[key]\n${piece.prepare}\n${guard}${body}`
}
