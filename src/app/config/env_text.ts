import { ConfigError } from './config_error.ts'
import type { Env } from './profile.ts'

/** One entry, comment or blank line: name, text in double quotes, in other quotes, in none. */
const ENTRY =
  /[ \t]*(?:(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\[^])*)"|(['`])([^]*?)\3|([^\s"'`#][^\n]*))?)?[ \t]*(?:#[^\n]*)?(?:\n|$)/y

const ESCAPES: Readonly<Record<string, string>> = {
  '\\n': '\n',
  '\\r': '\r',
  '\\t': '\t',
  '\\"': '"',
  '\\\\': '\\',
}

/**
 * Read the text of a `.env` file: `NAME=value`, quoted or not, `export` before it, `#` comments.
 *
 * Not `parseEnv` of `node:util`, which loses without a word what it does not understand: it cuts `a#b`
 * to `a`, and after `A= ` (with a blank at the end) takes the whole next line for the value.
 *
 * @throws {ConfigError} when a line is not an entry; names the line and `path`, not the text
 */
export function parseEnvText(text: string, path: string): Env {
  // Without a prototype, so that any name is only a name.
  const env: Record<string, string> = Object.create(null)
  const source = text.replaceAll('\r\n', '\n')
  for (let at = 0; at < source.length; at = ENTRY.lastIndex) {
    ENTRY.lastIndex = at
    const found = ENTRY.exec(source)
    if (!found) {
      const line = source.slice(0, at).split('\n').length
      throw new ConfigError([`${path}, line ${line}, is not NAME=value, or a quote is not closed.`])
    }
    const [, name, escaped, , quoted, bare = ''] = found
    if (name !== undefined) env[name] = quoted ?? unescape(escaped) ?? withoutComment(bare)
  }
  return env
}

function unescape(text: string | undefined): string | undefined {
  return text?.replaceAll(/\\[nrt"\\]/g, (escape) => ESCAPES[escape] ?? escape)
}

/** A comment begins at a `#` after a blank: `pass#word # the old one` holds `pass#word`. */
function withoutComment(text: string): string {
  const end = text.search(/\s#/)
  return (end < 0 ? text : text.slice(0, end)).trimEnd()
}
