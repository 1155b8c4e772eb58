import type { ColumnType } from '../column_type.ts'

interface FoundColumn {
  readonly name: string
  /** As the server writes it. */
  readonly type: string
  /** Of an enumerated type. */
  readonly members: readonly string[] | null
}

interface FoundCheck {
  readonly columns: readonly string[] | null
  readonly definition: string
}

/** What a column holds, and the check that says so. */
export function typeOf<C extends FoundCheck>(
  { name, type, members }: FoundColumn,
  checks: readonly C[],
): { readonly type: ColumnType; readonly check: C | undefined } {
  if (members) return { type: { name: 'enumeration', values: members }, check: undefined }
  const own = checks.filter(({ columns }) => columns?.length === 1 && columns[0] === name)
  for (const check of type === 'text' ? own : []) {
    const found = typeInCheck(check.definition)
    if (found) return { type: found, check }
  }
  return { type: plainType(type), check: undefined }
}

function typeInCheck(definition: string): ColumnType | undefined {
  const [, maxLength] = /^CHECK \(\(char_length\([^()]+\) <= (\d+)\)\)$/.exec(definition) ?? []
  if (maxLength !== undefined) return { name: 'string', maxLength: Number(maxLength) }
  const [, list] = /^CHECK \(\(\S+ = (ANY \(ARRAY\[.*\]\)|'.*'::text)\)\)$/s.exec(definition) ?? []
  if (list === undefined) return undefined
  const values = [...list.matchAll(/'((?:[^']|'')*)'::text/g)]
  return {
    name: 'enumeration',
    values: values.map(([, text = '']) => text.replaceAll("''", "'")),
  }
}

function plainType(type: string): ColumnType {
  const [, first, second] = /\((\d+)(?:,(\d+))?\)/.exec(type) ?? []
  if (/^(?:character varying|character)\(/.test(type)) {
    return { name: 'string', maxLength: Number(first) }
  }
  if (type.startsWith('numeric(') && Number(first) <= 18) {
    return { name: 'decimal', precision: Number(first), scale: Number(second ?? 0) }
  }
  return { name: TYPES.find(([pattern]) => pattern.test(type))?.[1] ?? 'text' }
}

type Plain = Exclude<ColumnType['name'], 'string' | 'decimal' | 'enumeration'>

const TYPES: readonly (readonly [RegExp, Plain])[] = [
  [/^(?:bigint|integer|smallint)$/, 'integer'],
  [/^(?:double|real|numeric)/, 'float'],
  [/^boolean/, 'boolean'],
  [/^timestamp/, 'datetime'],
  [/^date$/, 'date'],
  [/^time/, 'time'],
  [/^uuid/, 'uuid'],
  [/^jsonb?$/, 'json'],
  [/^bytea/, 'binary'],
]
