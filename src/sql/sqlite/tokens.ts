/** A piece of SQL: a word or number, a quoted name, a text, or one sign. */
export interface Token {
  readonly kind: 'word' | 'name' | 'text' | 'sign'
  /** Without quotes; words in lower case. */
  readonly value: string
  readonly start: number
  readonly end: number
}

const PATTERN =
  /(?<space>\s+|--[^\n]*|\/\*[\s\S]*?\*\/)|(?<text>'(?:[^']|'')*')|(?<name>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])|(?<word>[\p{L}\d_$.]+)|(?<sign>.)/gsu

/** The pieces of a statement, without space and comments. */
export function tokensOf(sql: string): Token[] {
  const tokens: Token[] = []
  for (const match of sql.matchAll(PATTERN)) {
    const { space, text, name, word, sign } = match.groups ?? {}
    if (space !== undefined) continue
    const place = { start: match.index, end: match.index + match[0].length }
    if (text !== undefined) tokens.push({ kind: 'text', value: unquoted(text), ...place })
    else if (name !== undefined) tokens.push({ kind: 'name', value: unquoted(name), ...place })
    else if (word !== undefined) tokens.push({ kind: 'word', value: word.toLowerCase(), ...place })
    else tokens.push({ kind: 'sign', value: sign ?? '', ...place })
  }
  return tokens
}

function unquoted(quoted: string): string {
  const quote = quoted[0]!
  return quote === '[' ? quoted.slice(1, -1) : quoted.slice(1, -1).replaceAll(quote + quote, quote)
}
