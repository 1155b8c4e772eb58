/**
 * A `Content-Disposition` that makes browsers save the answer under a name (RFC 6266).
 *
 * @param filename any text; directories and control characters are the caller's to remove, and harmless
 */
export function attachment(filename: string): string {
  const name = filename.toWellFormed()
  const plain = name.replaceAll(NOT_PLAIN, '_')
  if (plain === name) return `attachment; filename="${plain}"`
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeExtended(name)}`
}

// A quote and a backslash are escaped differently by browsers, and some decode `%41`.
const NOT_PLAIN = /[^ !#$&-[\]-~]/gu

/** RFC 8187 section 3.2.1. */
function encodeExtended(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
