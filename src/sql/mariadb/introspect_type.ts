import type { ColumnType } from '../column_type.ts'

/** What a column holds: its type in SQL, and the check that belongs to it. */
export function typeOf(type: string, check: string | undefined): ColumnType {
  const found = check === undefined ? undefined : typeInCheck(type, check)
  if (found) return found
  const [, first, second] = /\((\d+)(?:,(\d+))?\)/.exec(type) ?? []
  if (type === 'tinyint(1)') return { name: 'boolean' }
  if (type === 'char(36)') return { name: 'uuid' }
  if (/^(?:var)?char\(/.test(type)) return { name: 'string', maxLength: Number(first) }
  if (type.startsWith('enum(')) return { name: 'enumeration', values: textsIn(type) }
  if (/^decimal\(\d+,\d+\)$/.test(type) && Number(first) <= 18) {
    return { name: 'decimal', precision: Number(first), scale: Number(second) }
  }
  return { name: TYPES.find(([pattern]) => pattern.test(type))?.[1] ?? 'text' }
}

/** Whether a check is one that only says what the column holds. */
export function isOfType(type: string, check: string): boolean {
  return typeInCheck(type, check) !== undefined || /^"(?:[^"]|"")+" in \(0,1\)$/.test(check)
}

function typeInCheck(type: string, check: string): ColumnType | undefined {
  if (/^json_valid\("(?:[^"]|"")+"\)$/.test(check)) return { name: 'json' }
  const [, maxLength] = /^char_length\("(?:[^"]|"")+"\) <= (\d+)$/.exec(check) ?? []
  if (maxLength !== undefined) return { name: 'string', maxLength: Number(maxLength) }
  const [, list] = /^"(?:[^"]|"")+" (?:in \(|= )((?:_\w+)?'.*')\)?$/s.exec(check) ?? []
  return list === undefined || !type.startsWith('varchar(')
    ? undefined
    : { name: 'enumeration', values: textsIn(list) }
}

/** The texts in a list of them, as the server writes it. */
export function textsIn(list: string): string[] {
  const texts = list.matchAll(/'((?:[^'\\]|''|\\.)*)'/gs)
  return [...texts].map(([, text = '']) =>
    text.replaceAll(/''|\\(.)/gs, (_, escaped: string | undefined) => toPlain(escaped)),
  )
}

function toPlain(escaped: string | undefined): string {
  if (escaped === undefined) return "'"
  return ESCAPES[escaped] ?? escaped
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  0: '\0',
  Z: '\u001A',
}

type Plain = Exclude<ColumnType['name'], 'string' | 'decimal' | 'enumeration'>

const TYPES: readonly (readonly [RegExp, Plain])[] = [
  [/^(?:big|medium|small|tiny)?int|^year/, 'integer'],
  [/^(?:double|float|decimal)/, 'float'],
  [/^(?:datetime|timestamp)/, 'datetime'],
  [/^date$/, 'date'],
  [/^time/, 'time'],
  [/^uuid/, 'uuid'],
  [/blob|binary|^bit/, 'binary'],
]
