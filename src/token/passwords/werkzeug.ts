import { type BinaryLike, pbkdf2, scrypt, type ScryptOptions } from 'node:crypto'
import { promisify } from 'node:util'
import type { StoredHash } from './stored_hash.ts'

const deriveScrypt = promisify<BinaryLike, BinaryLike, number, ScryptOptions, Buffer>(scrypt)
const derivePBKDF2 = promisify(pbkdf2)

const SCRYPT = /^scrypt:(\d{1,8}):(\d{1,3}):(\d{1,3})\$([^$]{1,128})\$([\da-f]{128})$/
const PBKDF2 = /^pbkdf2:(sha1|sha256|sha512):(\d{1,8})\$([^$]{1,128})\$([\da-f]{40,128})$/

const SCRYPT_MAX_BYTES = 268_435_456
const SCRYPT_MAX_PARALLELISM = 16
/** 16 times what Werkzeug 3 asks for. */
const SCRYPT_MAX_WORK = 2 ** 22
const PBKDF2_MAX_ITERATIONS = 5_000_000

/**
 * Read a hash that Werkzeug's `generate_password_hash` made: `scrypt:N:r:p$salt$hex` or
 * `pbkdf2:sha256:iterations$salt$hex`.
 *
 * @returns `undefined` when `text` is neither, or its cost is out of bounds
 */
export function readWerkzeug(text: string): StoredHash | undefined {
  return readScrypt(text) ?? readPBKDF2(text)
}

function readScrypt(text: string): StoredHash | undefined {
  const [, n, blocks, lanes, salt = '', hex = ''] = SCRYPT.exec(text) ?? []
  const [N, r, p] = [Number(n), Number(blocks), Number(lanes)]
  const memory = 128 * N * r
  const isPowerOf2 = N > 1 && Number.isInteger(Math.log2(N))
  if (!isPowerOf2 || r < 1 || p < 1 || p > SCRYPT_MAX_PARALLELISM) return undefined
  if (memory > SCRYPT_MAX_BYTES || N * r * p > SCRYPT_MAX_WORK) return undefined
  const digest = Buffer.from(hex, 'hex')
  // OpenSSL needs the blocks and a little more.
  const options = { N, r, p, maxmem: memory + 128 * r * (p + 4) + 65_536 }
  return {
    digest,
    isNormalized: false,
    derive: (password) => deriveScrypt(password, salt, digest.length, options),
  }
}

function readPBKDF2(text: string): StoredHash | undefined {
  const [, algorithm = '', rounds, salt = '', hex = ''] = PBKDF2.exec(text) ?? []
  const iterations = Number(rounds)
  const digest = Buffer.from(hex, 'hex')
  const bytes = { sha1: 20, sha256: 32, sha512: 64 }[algorithm]
  if (digest.length !== bytes || iterations < 1 || iterations > PBKDF2_MAX_ITERATIONS) {
    return undefined
  }
  return {
    digest,
    isNormalized: false,
    derive: (password) => derivePBKDF2(password, salt, iterations, digest.length, algorithm),
  }
}
