import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { BadRequest, UnsupportedMediaType } from '../errors.ts'
import { malformedAt } from './json_position.ts'
import { readBytes, type ReadOptions } from './read_bytes.ts'

export interface ReadJSONOptions extends ReadOptions {
  /** How many lists and objects may stand in one another. Default 200. */
  maxDepth?: number | undefined
}

/**
 * Read a body as JSON. Members named `__proto__` or `constructor` are plain own members; of a repeated one the last stays.
 *
 * @throws {UnsupportedMediaType} when its type is not JSON, or not in UTF-8
 * @throws {BadRequest} when it is malformed
 * @throws {PayloadTooLarge} when it is longer than `maxBytes`
 * @throws {ClientGone} when the connection ends before the body does
 */
export async function readJSON(
  request: IncomingMessage,
  options: ReadJSONOptions,
): Promise<unknown> {
  requireJSONType(request.headers['content-type'])
  return parseJSON(await readBytes(request, options), options.maxDepth)
}

/** Whether a Content-Type is `application/json` or `application/*+json`, whatever its parameters. */
export function isJSONType(contentType: string | undefined): boolean {
  if (contentType === 'application/json') return true
  if (contentType === undefined) return false
  const end = contentType.indexOf(';')
  const type = (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase()
  return type === 'application/json' || STRUCTURED.test(type)
}

/** @throws {UnsupportedMediaType} when a Content-Type is not JSON, or names a charset other than UTF-8 */
export function requireJSONType(contentType: string | undefined): void {
  if (contentType === 'application/json') return
  if (!isJSONType(contentType)) throw new UnsupportedMediaType('Request must be JSON')
  const charset = CHARSET.exec(contentType ?? '')?.[1]?.toLowerCase() ?? 'utf-8'
  if (!UTF8_NAMES.has(charset)) throw new UnsupportedMediaType('JSON must be encoded in UTF-8.')
}

/**
 * Parse the bytes of a JSON text (RFC 8259). A byte order mark is ignored.
 *
 * @param maxDepth how many lists and objects may stand in one another
 * @throws {BadRequest} when the bytes are not UTF-8, malformed, or nested too deeply; never quotes them
 */
export function parseJSON(bytes: Buffer, maxDepth = 200): unknown {
  if (bytes.length === 0) throw new BadRequest('The request body is empty; it must be JSON.')
  if (!isUtf8(bytes)) throw new BadRequest('Malformed JSON: the text is not UTF-8.')
  // V8 parses any depth, and what comes after would run out of stack. Too short a text is not worth counting.
  if (bytes.length > maxDepth * 2 && isDeeper(bytes, maxDepth)) {
    throw new BadRequest(`The JSON is nested more than ${maxDepth} levels deep.`)
  }
  const text = bytes.toString('utf8', bytes[0] === 0xef && hasMark(bytes) ? 3 : 0)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new BadRequest(`Malformed JSON: ${malformedAt(text, error)}.`, { cause: error })
  }
}

const STRUCTURED = /^application\/[\w.!#$&^-]+\+json$/
const CHARSET = /;\s*charset\s*=\s*"?([^\s;"]*)/i
const UTF8_NAMES = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii'])

const QUOTE = 34
const BACKSLASH = 92

function hasMark(bytes: Buffer): boolean {
  return bytes[1] === 0xbb && bytes[2] === 0xbf
}

function isDeeper(bytes: Buffer, maxDepth: number): boolean {
  let depth = 0
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!
    if (byte === QUOTE) i = endOfString(bytes, i + 1)
    // `[` and `{` differ in this bit only, and so do `]` and `}`.
    else if ((byte & ~0x20) === 0x5b) {
      if (++depth > maxDepth) return true
    } else if ((byte & ~0x20) === 0x5d) depth--
  }
  return false
}

function endOfString(bytes: Buffer, start: number): number {
  let i = start
  while (i < bytes.length && bytes[i] !== QUOTE) i += bytes[i] === BACKSLASH ? 2 : 1
  return i
}
