import { parseHeaderValue } from './header_value.ts'

/** What a part of a multipart form says about itself. */
export interface PartHeader {
  name: string
  /** Of a file only: without directories, possibly empty. */
  filename: string | undefined
  /** The media type that the client claims, lower case, without parameters. */
  type: string
}

/**
 * Read the headers of one part (RFC 7578 section 4.2).
 *
 * @param headers by lower-case name, as Latin-1
 * @returns `undefined` when the part has no name, or they are malformed
 */
export function parsePartHeader(headers: Record<string, string[]>): PartHeader | undefined {
  const disposition = parseHeaderValue(toUTF8(headers['content-disposition']?.[0] ?? ''))
  if (disposition?.value !== 'form-data') return undefined
  const { name, filename, 'filename*': extended } = disposition.parameters
  if (name === undefined) return undefined
  const given = (extended && decodeExtended(extended)) ?? filename
  return {
    name: unescapeQuotes(name),
    filename: given === undefined ? undefined : baseName(unescapeQuotes(given)),
    type: parseHeaderValue(headers['content-type']?.[0] ?? '')?.value ?? '',
  }
}

/**
 * The last segment of a path of any system, without control characters and never `.` or `..`.
 *
 * @returns at most 255 characters; `''` when nothing is left
 */
function baseName(path: string): string {
  const segment = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
  const name = segment.toWellFormed().replaceAll(CONTROL, '').trim().slice(0, 255).toWellFormed()
  return name === '.' || name === '..' ? '' : name
}

// Format characters too: U+202E shows `gpj.exe` as `exe.jpg`.
const CONTROL = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu

function toUTF8(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('utf8')
}

/** Browsers write a quote in a name as `%22`, and nothing else so (HTML, multipart/form-data encoding). */
function unescapeQuotes(text: string): string {
  return text.replaceAll('%22', '"')
}

/** `UTF-8''na%C3%AFve.txt` (RFC 8187). */
function decodeExtended(text: string): string | undefined {
  const [, encoded] = /^utf-8'[^']*'(.*)$/is.exec(text) ?? []
  if (encoded === undefined) return undefined
  try {
    return decodeURIComponent(encoded)
  } catch {
    return undefined
  }
}
