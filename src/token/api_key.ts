import { hash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { randomBase62, toBase62 } from '../lib/ids.ts'
import { equalInConstantTime } from './constant_time.ts'

/** A new key. `key` is shown once; `id` and `hash` are stored. */
export interface NewAPIKey {
  /** `prefix_id_secret`, with a checksum at the end. */
  readonly key: string
  /** To find the row by, and to show to people. */
  readonly id: string
  /** SHA-256, in hexadecimal. The secret has 190 random bits: nothing is gained by hashing it slowly. */
  readonly hash: string
}

/** A key whose form is right. Nobody has said yet that it was issued. */
export interface ParsedAPIKey {
  readonly prefix: string
  readonly id: string
}

const ID_LENGTH = 12
const SECRET_LENGTH = 32
/** 62 ** 6 is more than 2 ** 32. */
const CHECKSUM_LENGTH = 6
const PREFIX = /^[a-z][a-z\d]{0,15}$/
/** What secret scanners look for; docs/design/tokens.md gives it to them. */
const KEY = /^([a-z][a-z\d]{0,15})_([\dA-Za-z]{12})_[\dA-Za-z]{38}$/

/**
 * Make a key, in a form that secret scanners can find and check without asking.
 *
 * @param prefix of the app, such as `'shop'`
 * @throws {TypeError} when the prefix is not 1 to 16 lower-case letters and digits
 */
export function generateAPIKey(prefix: string): NewAPIKey {
  if (!PREFIX.test(prefix)) {
    throw new TypeError('The prefix of API keys is 1 to 16 lower-case letters and digits.')
  }
  const id = randomBase62(ID_LENGTH)
  const body = `${prefix}_${id}_${randomBase62(SECRET_LENGTH)}`
  const key = body + checksumOf(body)
  return { key, id, hash: hashAPIKey(key) }
}

/** Read a key, so that a mistyped one needs no query. @returns `undefined` for what cannot be one */
export function parseAPIKey(text: string): ParsedAPIKey | undefined {
  const [, prefix, id] = KEY.exec(text) ?? []
  if (prefix === undefined || id === undefined) return undefined
  const body = text.slice(0, -CHECKSUM_LENGTH)
  return text.endsWith(checksumOf(body)) ? { prefix, id } : undefined
}

/** Whether `key` is the one that `stored` was made of. */
export function isAPIKey(key: string, stored: string): boolean {
  return equalInConstantTime(hashAPIKey(key), stored)
}

function hashAPIKey(key: string): string {
  return hash('sha256', key)
}

function checksumOf(body: string): string {
  return toBase62(crc32(body), CHECKSUM_LENGTH)
}
