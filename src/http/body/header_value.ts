/** A header such as `form-data; name="a"`: its first value, lower case, and its parameters. */
export interface HeaderValue {
  value: string
  /** By lower-case name. Nothing is inherited. Of a repeated parameter the first counts. */
  parameters: Record<string, string>
}

/**
 * Read a header value with parameters (RFC 9110 section 5.6.6).
 *
 * @returns `undefined` when it is malformed
 */
export function parseHeaderValue(text: string): HeaderValue | undefined {
  const end = text.indexOf(';')
  const value = (end < 0 ? text : text.slice(0, end)).trim().toLowerCase()
  const parameters: Record<string, string> = Object.create(null)
  PARAMETER.lastIndex = end < 0 ? text.length : end
  while (PARAMETER.lastIndex < text.length) {
    const found = PARAMETER.exec(text)
    if (!found) return undefined
    const [, name = '', quoted, bare = ''] = found
    if (name) parameters[name.toLowerCase()] ??= quoted === undefined ? bare : unquote(quoted)
  }
  return { value, parameters }
}

const PARAMETER = /;[ \t]*(?:([^\s=;"]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^";\s]*))[ \t]*)?/gsy

/** Only a quote and a backslash can be escaped: old browsers send `C:\new\file.txt` as it is. */
function unquote(text: string): string {
  return text.includes('\\') ? text.replaceAll(/\\(["\\])/g, '$1') : text
}
