import { z } from 'zod'
import { literal, type Piece, write } from './piece.ts'
import type { Program } from './program.ts'

/** The first option that fits writes the value, and no member that it does not name. */
export function unionPiece(
  schema: z.core.$ZodType,
  def: z.core.$ZodUnionDef | z.core.$ZodDiscriminatedUnionDef,
  program: Program,
): Piece {
  return program.define(schema, 'a value of the union', () => {
    const options = def.options.map((option) => program.pieceOf(option))
    const cases = 'discriminator' in def ? casesOf(def) : undefined
    return cases && 'discriminator' in def
      ? switchBody(def.discriminator, cases, options, program)
      : tryBody(options)
  })
}

function tryBody(options: readonly Piece[]): string {
  const expected = [...new Set(options.map((option) => option.expected))].join(' or ')
  return [
    'let best\n',
    ...options.map(tryStatements),
    `return noneFits(v, ${literal(expected)}, best)\n`,
  ].join('')
}

function tryStatements({ prepare, test, text, fallible }: Piece): string {
  const fits = fallible
    ? `t = ${text}\nif (t !== undefined) return t\nbest = deeper(best)\n`
    : `return ${text}\n`
  return `x = v\n${prepare}\n${test ? `if (${test}) {\n${fits}}\n` : fits}`
}

type Values = ReadonlySet<unknown>

/** @returns the discriminating values of each option; undefined when one cannot be seen without decoding */
function casesOf({
  options,
  discriminator,
}: z.core.$ZodDiscriminatedUnionDef): Values[] | undefined {
  const cases = options.map((option) => {
    if (!(option instanceof z.core.$ZodObject)) return undefined
    const tag = option._zod.def.shape[discriminator]
    return tag && /^(?:literal|enum)$/.test(tag._zod.def.type) ? tag._zod.values : undefined
  })
  return cases.every((values) => values !== undefined) ? cases : undefined
}

function switchBody(
  discriminator: string,
  cases: readonly Values[],
  options: readonly Piece[],
  program: Program,
): string {
  const indexes = cases.flatMap((values, i) => [...values].map((value) => [value, i] as const))
  const indexOf = program.constant(new Map(indexes))
  const name = literal(discriminator)
  const tags = indexes.map(([value]) => showTag(value)).slice(0, 10)
  return [
    `if (typeof v !== 'object' || v === null) return wrong(v, 'an object')\n`,
    `switch (${indexOf}.get(v[${name}])) {\n`,
    ...options.map(({ text }, i) => `case ${i}: return ${text}\n`),
    `}\nreturn wrong(v[${name}], ${literal(`one of ${tags.join(', ')}`)}, ${name})\n`,
  ].join('')
}

function showTag(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}

/** Both sides write the value, and what they wrote is joined. */
export function intersectionPiece(
  schema: z.core.$ZodType,
  { left, right }: z.core.$ZodIntersectionDef,
  program: Program,
): Piece {
  const joined = joinShapes(left, right)
  if (joined) {
    return program.define(schema, 'an object', () => {
      const { text } = program.pieceOf(joined)
      return `return ${text}\n`
    })
  }
  return program.define(schema, 'a value of both sides', () => {
    const sides = [left, right].map((side) => program.pieceOf(side))
    const [first, second] = sides.map((side, i) => {
      return `x = v\n${side.prepare}\n${write(side, undefined, (text) => `const t${i} = ${text}`)}`
    })
    return `${first}${second}t = mergeJSON(t0, t1)
return t === undefined ? wrong(v, 'sides that agree') : t\n`
  })
}

/** Two objects without extras are one object, which needs no joining for each value. */
function joinShapes(left: z.core.$ZodType, right: z.core.$ZodType): z.ZodObject | undefined {
  if (!isClosed(left) || !isClosed(right)) return undefined
  const shape = new Map(Object.entries(left._zod.def.shape))
  for (const [key, member] of Object.entries(right._zod.def.shape)) {
    const other = shape.get(key)
    shape.set(key, other ? z.intersection(other, member) : member)
  }
  return z.object(Object.fromEntries(shape))
}

function isClosed(schema: z.core.$ZodType): schema is z.core.$ZodObject {
  if (!(schema instanceof z.core.$ZodObject)) return false
  const { catchall } = schema._zod.def
  return catchall === undefined || catchall._zod.def.type === 'never'
}
