import { z } from 'zod'
import { arrayPiece, setPiece, tuplePiece } from './list.ts'
import { objectPiece } from './object.ts'
import { ANYTHING, leaf, orAbsent, orNull, type Piece } from './piece.ts'
import { pipePiece, transformPiece } from './pipe.ts'
import type { Program } from './program.ts'
import { recordPiece } from './record.ts'
import { IS_DATE, numberPiece, stringPiece, valuesPiece } from './scalars.ts'
import { intersectionPiece, unionPiece } from './union.ts'

type Def = z.core.$ZodTypes['_zod']['def']
type Kind = Def['type']
/** The definition of a schema of one kind. */
type DefOf<K extends Kind> = Extract<Def, { type: K }>
type Kinds = {
  readonly [K in Kind]?: (def: DefOf<K>, program: Program, schema: z.core.$ZodType) => Piece
}

const KINDS: Kinds = {
  any: () => ANYTHING,
  unknown: () => ANYTHING,
  string: (def) => stringPiece(def),
  template_literal: () => leaf('a string', `(typeof x === 'string')`, 'quote(x)'),
  number: (def) => numberPiece(def),
  bigint: () => leaf('a bigint', `(typeof x === 'bigint')`, `('' + x)`),
  boolean: () => leaf('a boolean', `(x === true || x === false)`, `('' + x)`),
  date: () => leaf('a valid Date', IS_DATE, `'"' + toISOTime(x) + '"'`),
  null: () => leaf('null', '(x === null)', `'null'`),
  undefined: () => orAbsent(leaf('nothing', '(x === undefined)', `'null'`)),
  void: () => orAbsent(leaf('nothing', '(x === undefined)', `'null'`)),
  never: () => leaf('no value', 'false', `''`),
  enum: (def, program) => valuesPiece(enumValues(def), program),
  literal: (def, program) => valuesPiece(def.values, program),
  object: (def, program, schema) => objectPiece(schema, def, program),
  record: (def, program, schema) => recordPiece(schema, def, program),
  array: (def, program, schema) => arrayPiece(schema, def, program),
  tuple: (def, program, schema) => tuplePiece(schema, def, program),
  set: (def, program, schema) => setPiece(schema, def, program),
  union: (def, program, schema) => unionPiece(schema, def, program),
  intersection: (def, program, schema) => intersectionPiece(schema, def, program),
  pipe: (def, program, schema) => pipePiece(schema, def, program),
  transform: (_def, program) => transformPiece(program),
  optional: (def, program) => orAbsent(program.pieceOf(def.innerType)),
  nullable: (def, program) => orNull(program.pieceOf(def.innerType)),
  nonoptional: (def, program) => ({ ...program.pieceOf(def.innerType), absent: false }),
  readonly: (def, program) => program.pieceOf(def.innerType),
  catch: (def, program) => program.pieceOf(def.innerType),
  prefault: (def, program) => program.pieceOf(def.innerType),
  default: (def, program) => defaultPiece(def, program),
  lazy: (_def, program, schema) => lazyPiece(schema, program),
}

/**
 * Choose the code for a schema.
 *
 * @throws {TypeError} when it has no JSON form, or cannot be encoded
 */
export function toPiece(schema: z.core.$ZodType, program: Program): Piece {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- kinds unknown to zod are refused below
  const { def } = (schema as z.core.$ZodTypes)._zod
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- TypeScript cannot see that the key fits the value
  const make = KINDS[def.type] as ((...args: [Def, Program, z.core.$ZodType]) => Piece) | undefined
  if (make) return make(def, program, schema)
  const way = def.type === 'custom' ? ' Use z.codec() around it, or a schema of JSON.' : ''
  throw program.unsupported(`a schema of kind "${def.type}" has no JSON form.${way}`)
}

function defaultPiece(def: DefOf<'default'>, program: Program): Piece {
  const inner = program.pieceOf(def.innerType)
  const prepare = `if (x === undefined) x = ${program.constant(def)}.defaultValue\n${inner.prepare}`
  return { ...inner, prepare, absent: false }
}

/** @returns the piece inside; zod reads the getter once, so that a schema which holds itself is one schema */
function lazyPiece(schema: z.core.$ZodType, program: Program): Piece {
  if (schema instanceof z.core.$ZodLazy) return program.pieceOf(schema._zod.innerType)
  throw program.unsupported('a lazy schema of another library.')
}

/** Numeric enums of TypeScript also hold their names as values, which are no members. */
function enumValues({ entries }: DefOf<'enum'>): (string | number)[] {
  const numbers = new Set(Object.values(entries).filter((value) => typeof value === 'number'))
  return Object.entries(entries)
    .filter(([key]) => !numbers.has(Number(key)))
    .map(([, value]) => value)
}
