import type { z } from 'zod'
import { entryStatements, objectBody } from './object.ts'
import { ANYTHING, orAbsent, type Piece } from './piece.ts'
import type { Program } from './program.ts'

const KEY_KINDS = new Set([
  'string',
  'number',
  'enum',
  'literal',
  'template_literal',
  'union',
  'any',
])

/** A record keeps any key, unless its key schema lists them. */
export function recordPiece(
  schema: z.core.$ZodType,
  def: z.core.$ZodRecordDef,
  program: Program,
): Piece {
  const keyKind = def.keyType._zod.def.type
  if (!KEY_KINDS.has(keyKind)) throw program.unsupported(`a key cannot be a ${keyKind}.`)
  const listed = def.keyType._zod.values
  if (listed) return program.define(schema, 'an object', () => listedBody(def, listed, program))
  if (def.mode === 'loose') {
    throw program.unsupported('z.looseRecord() needs a list of keys here. Use z.record().')
  }
  return program.define(schema, 'a plain object', () => recordBody(def, program))
}

function recordBody(def: z.core.$ZodRecordDef, program: Program): string {
  const item = program.pieceOf(def.valueType, '.*')
  return [
    `if (!isPlainObject(v)) return wrong(v, 'a plain object')\n`,
    `let s = '{'\nfor (const key of Object.keys(v)) {\n${entryStatements(item)}}\n`,
    `return s + '}'\n`,
  ].join('')
}

/** A record with listed keys is an object whose members share a schema. */
function listedBody(
  def: z.core.$ZodRecordDef,
  keys: ReadonlySet<unknown>,
  program: Program,
): string {
  const item = program.pieceOf(def.valueType, '.*')
  const members = [...keys].map((key) => {
    return [String(key), def.partial === true ? orAbsent(item) : item] as const
  })
  const extras = def.mode === 'loose' ? ANYTHING : undefined
  return objectBody(members, extras, program)
}
