import { argon2, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import type { Argon2Cost, StoredHash } from './stored_hash.ts'

const derive = promisify(argon2)

const SALT_BYTES = 16
const DIGEST_BYTES = 32
/** 256 MiB in memory at once, and a gigabyte to walk through. */
const MAX_MEMORY_KIB = 262_144
const MAX_WORK_KIB = 1_048_576
const MAX_PARALLELISM = 16

const PHC =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z\d+/]{11,86})\$([A-Za-z\d+/]{16,86})$/

/** Hash a password with a new salt. @returns a PHC string, `$argon2id$v=19$…` */
export async function hashArgon2(password: Buffer, cost: Argon2Cost): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  return writeArgon2(salt, await deriveArgon2(password, salt, DIGEST_BYTES, cost), cost)
}

/** A hash that no password has, for {@link PasswordHasher.verifyNobody}. */
export function decoyArgon2(cost: Argon2Cost): string {
  return writeArgon2(randomBytes(SALT_BYTES), randomBytes(DIGEST_BYTES), cost)
}

/** @returns `undefined` when `text` is not a PHC string of argon2id, or its cost is out of bounds */
export function readArgon2(text: string): StoredHash | undefined {
  const [, m, t, p, saltText = '', digestText = ''] = PHC.exec(text) ?? []
  const cost = { memoryKiB: Number(m), passes: Number(t), parallelism: Number(p) }
  if (!isBearable(cost)) return undefined
  const [salt, digest] = [Buffer.from(saltText, 'base64'), Buffer.from(digestText, 'base64')]
  return {
    digest,
    cost,
    isNormalized: true,
    derive: (password) => deriveArgon2(password, salt, digest.length, cost),
  }
}

/** Whether a hash may take so much. False also for numbers that are none. */
export function isBearable({ memoryKiB, passes, parallelism }: Argon2Cost): boolean {
  const areWhole = [memoryKiB, passes, parallelism].every(Number.isSafeInteger)
  return (
    areWhole &&
    passes >= 1 &&
    parallelism >= 1 &&
    parallelism <= MAX_PARALLELISM &&
    memoryKiB >= 8 * parallelism &&
    memoryKiB <= MAX_MEMORY_KIB &&
    memoryKiB * passes <= MAX_WORK_KIB
  )
}

function deriveArgon2(
  message: Buffer,
  nonce: Buffer,
  tagLength: number,
  { memoryKiB: memory, passes, parallelism }: Argon2Cost,
): Promise<Buffer> {
  return derive('argon2id', { message, nonce, tagLength, memory, passes, parallelism })
}

function writeArgon2(salt: Buffer, digest: Buffer, cost: Argon2Cost): string {
  const { memoryKiB, passes, parallelism } = cost
  const parameters = `m=${memoryKiB},t=${passes},p=${parallelism}`
  return `$argon2id$v=19$${parameters}$${unpadded(salt)}$${unpadded(digest)}`
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}
