import type { ColumnType } from '../column_type.ts'
import type { ConstraintText } from './parse_table.ts'

/** What a column holds, and the check that says so. */
export interface FoundType {
  readonly type: ColumnType
  readonly check: ConstraintText | undefined
}

/**
 * Tell what a column holds from its declared type, also as other tools declare it, and from the checks that Dewar makes.
 *
 * Days, times and UUIDs of Dewar's own tables are text to SQLite, and so they are here.
 */
export function typeOf(
  declared: string,
  name: string,
  checks: readonly ConstraintText[],
): FoundType {
  for (const check of checks) {
    const type = typeInCheck(check, name)
    if (type) return { type, check }
  }
  return { type: declaredType(declared.toLowerCase()), check: undefined }
}

function typeInCheck({ sql }: ConstraintText, name: string): ColumnType | undefined {
  const column = `"?${name.replaceAll(/\W/g, '\\$&')}"?`
  const [, maxLength] = new RegExp(`^length\\(${column}\\) <= (\\d+)$`, 'i').exec(sql) ?? []
  if (maxLength !== undefined) return { name: 'string', maxLength: Number(maxLength) }
  if (new RegExp(`^${column} in \\(0, 1\\)$`, 'i').test(sql)) return { name: 'boolean' }
  if (new RegExp(`^json_valid\\(${column}\\)$`, 'i').test(sql)) return { name: 'json' }
  const [, limit] = new RegExp(`^${column} > -1(0+) and ${column} < 10+$`, 'i').exec(sql) ?? []
  if (limit !== undefined) return { name: 'decimal', precision: limit.length, scale: 0 }
  const [, list] = new RegExp(`^${column} in \\(('.*')\\)$`, 'is').exec(sql) ?? []
  if (list === undefined) return undefined
  const values = [...list.matchAll(/'((?:[^']|'')*)'/g)].map(([, text = '']) =>
    text.replaceAll("''", "'"),
  )
  return { name: 'enumeration', values }
}

/** By the names that SQLAlchemy, Django, Prisma and others give. */
function declaredType(declared: string): ColumnType {
  const [, first, second] = /\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)/.exec(declared) ?? []
  const base = declared.replace(/\s*\(.*$/, '')
  if (/^(?:n?varchar|n?char|character|varying|string)/.test(base) && first !== undefined) {
    return { name: 'string', maxLength: Number(first) }
  }
  if (/^(?:numeric|decimal)/.test(base) && first !== undefined && Number(first) <= 18) {
    return { name: 'decimal', precision: Number(first), scale: Number(second ?? 0) }
  }
  const found = DECLARED.find(([pattern]) => pattern.test(base))
  return { name: found?.[1] ?? 'text' }
}

type Plain = Exclude<ColumnType['name'], 'string' | 'decimal' | 'enumeration'>

const DECLARED: readonly (readonly [RegExp, Plain])[] = [
  [/^bool/, 'boolean'],
  [/^(?:datetime|timestamp)/, 'datetime'],
  [/^date$/, 'date'],
  [/^time/, 'time'],
  [/^(?:uuid|guid)/, 'uuid'],
  [/^json/, 'json'],
  [/int/, 'integer'],
  [/char|clob|text/, 'text'],
  [/blob|binary|bytea/, 'binary'],
  [/real|floa|doub|numeric|decimal/, 'float'],
]
