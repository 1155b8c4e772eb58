import { hash, randomBytes } from 'node:crypto'
import { toBase32 } from '../lib/base32.ts'
import { equalInConstantTime } from './constant_time.ts'

/** Codes for those who lost their second factor, each for one use. */
export interface RecoveryCodes {
  /** To be shown once: `ABCD-EFGH-IJKL-MNOP`. */
  readonly codes: readonly string[]
  /** To be stored in their place. */
  readonly hashes: readonly string[]
}

/** 80 random bits each: nothing is gained by hashing them slowly. */
export function generateRecoveryCodes(count = 10): RecoveryCodes {
  const codes = Array.from({ length: count }, () => {
    return (toBase32(randomBytes(10)).match(/.{4}/g) ?? []).join('-')
  })
  return { codes, hashes: codes.map(hashRecoveryCode) }
}

/**
 * Find the code that was given, however it was typed.
 *
 * @returns the index in `hashes` of the one to remove, or -1
 */
export function findRecoveryCode(code: string, hashes: readonly string[]): number {
  const given = hashRecoveryCode(code)
  let found = -1
  hashes.forEach((each, i) => {
    if (equalInConstantTime(each, given)) found = i
  })
  return found
}

function hashRecoveryCode(code: string): string {
  return hash('sha256', code.slice(0, 100).replaceAll(/[\s-]/g, '').toUpperCase())
}
