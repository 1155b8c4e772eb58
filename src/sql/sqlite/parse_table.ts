import { type Token, tokensOf } from './tokens.ts'

/** What only the text of a table says; all else SQLite tells in pragmas. */
export interface TableText {
  readonly columns: ReadonlyMap<string, ColumnText>
  readonly constraints: readonly ConstraintText[]
  readonly hasAutoincrement: boolean
  readonly isStrict: boolean
}

interface ColumnText {
  readonly collation: string | undefined
}

/** A constraint with its name, if it has one. */
export interface ConstraintText {
  readonly kind: 'primary' | 'unique' | 'check' | 'foreign'
  readonly name: string | undefined
  /** The columns that have it; of a check, the column that it stands at. */
  readonly columns: readonly string[]
  /** What a check says. */
  readonly sql: string
}

/** Read the text of `create table`, which SQLite has accepted. */
export function parseTable(sql: string): TableText {
  const tokens = tokensOf(sql)
  const open = tokens.findIndex(({ value, kind }) => kind === 'sign' && value === '(')
  const close = endOf(tokens, open)
  const columns = new Map<string, ColumnText>()
  const constraints: ConstraintText[] = []
  for (const part of splitAt(tokens.slice(open + 1, close))) {
    const first = part[0]
    if (!first) continue
    const isTable = first.kind === 'word' && TABLE_WORDS.has(first.value)
    // Words are in lower case; the name is as it was written.
    const name = first.kind === 'word' ? sql.slice(first.start, first.end) : first.value
    if (!isTable) columns.set(name, { collation: collationOf(part) })
    constraints.push(...constraintsIn(sql, isTable ? part : part.slice(1), isTable ? [] : [name]))
  }
  const words = tokens.filter(({ kind }) => kind === 'word').map(({ value }) => value)
  const options = tokens.slice(close + 1).map(({ value }) => value)
  return {
    columns,
    constraints,
    hasAutoincrement: words.includes('autoincrement'),
    isStrict: options.includes('strict'),
  }
}

const TABLE_WORDS: ReadonlySet<string> = new Set([
  'constraint',
  'primary',
  'unique',
  'check',
  'foreign',
])

const KINDS: ReadonlyMap<string, ConstraintText['kind']> = new Map([
  ['primary', 'primary'],
  ['unique', 'unique'],
  ['check', 'check'],
  ['foreign', 'foreign'],
  ['references', 'foreign'],
])

/** @param own the column that they stand at */
function constraintsIn(
  sql: string,
  tokens: readonly Token[],
  own: readonly string[],
): ConstraintText[] {
  const found: ConstraintText[] = []
  let name: string | undefined = undefined
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!
    if (token.kind === 'sign' && token.value === '(') {
      i = endOf(tokens, i)
      continue
    }
    if (token.kind !== 'word') continue
    if (token.value === 'constraint') {
      const next = tokens[++i]
      name = next && (next.kind === 'word' ? sql.slice(next.start, next.end) : next.value)
      continue
    }
    const kind = KINDS.get(token.value)
    if (!kind || (own.length === 0 && token.value === 'references')) continue
    const open = tokens.findIndex(
      (each, at) => at > i && each.value === '(' && each.kind === 'sign',
    )
    const inner = open === -1 ? [] : tokens.slice(open + 1, endOf(tokens, open))
    const isCheck = kind === 'check'
    const text = isCheck && inner[0] ? sql.slice(inner[0].start, inner.at(-1)!.end) : ''
    const listed = own.length > 0 || isCheck ? own : namesIn(sql, inner)
    found.push({ kind, name, columns: listed, sql: text })
    name = undefined
    // A table's foreign key is followed by the table and columns that it refers to.
    if (own.length === 0) break
  }
  return found
}

function namesIn(sql: string, tokens: readonly Token[]): string[] {
  return splitAt(tokens).flatMap(([first]) => {
    if (!first) return []
    return [first.kind === 'word' ? sql.slice(first.start, first.end) : first.value]
  })
}

function collationOf(tokens: readonly Token[]): string | undefined {
  const at = tokens.findIndex(({ kind, value }) => kind === 'word' && value === 'collate')
  return at === -1 ? undefined : tokens[at + 1]?.value
}

/** The parts between commas that stand in no parentheses. */
function splitAt(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [[]]
  let depth = 0
  for (const token of tokens) {
    if (token.kind === 'sign' && token.value === '(') depth++
    if (token.kind === 'sign' && token.value === ')') depth--
    if (depth === 0 && token.kind === 'sign' && token.value === ',') parts.push([])
    else parts.at(-1)?.push(token)
  }
  return parts
}

/** Where the parenthesis that opens at `open` closes. */
function endOf(tokens: readonly Token[], open: number): number {
  let depth = 0
  for (let i = open; i < tokens.length; i++) {
    const { kind, value } = tokens[i]!
    if (kind === 'sign' && value === '(') depth++
    if (kind === 'sign' && value === ')' && --depth === 0) return i
  }
  return tokens.length
}
