import { createHmac, randomBytes } from 'node:crypto'
import { fromBase32, toBase32 } from '../lib/base32.ts'
import { equalInConstantTime } from './constant_time.ts'

/** What an authenticator app must know besides the secret. The defaults are what all of them take. */
export interface TOTPOptions {
  /** Default `'SHA1'`. Some apps ignore anything else. */
  algorithm?: 'SHA1' | 'SHA256' | 'SHA512'
  /** Default 6. */
  digits?: 6 | 7 | 8
  /** Default 30. */
  periodS?: number
}

export interface TOTPCheck extends TOTPOptions {
  nowMs: number
  /** How many steps a clock may be off, in either direction. Default 1. */
  window?: number
  /** The step of the last code that was accepted: only later ones count, so a code works once. */
  afterStep?: number | undefined
}

/** A new secret of 160 bits, as RFC 4226 recommends, in Base32. */
export function generateTOTPSecret(): string {
  return toBase32(randomBytes(20))
}

/**
 * Check a code (RFC 6238). Codes have a million values: limit the attempts.
 *
 * @param secret in Base32
 * @returns the step that the code is of, to be stored and given as `afterStep` next time, or `undefined`
 * @throws {TypeError} when the secret is not Base32
 */
export function verifyTOTP(secret: string, code: string, options: TOTPCheck): number | undefined {
  const { nowMs, window = 1, afterStep = -1, digits = 6, periodS = 30 } = options
  const given = code.replaceAll(/[\s-]/g, '')
  if (given.length !== digits) return undefined
  const now = Math.floor(nowMs / 1000 / periodS)
  let found: number | undefined
  // Every step is compared, so the time tells nothing.
  for (let step = now - window; step <= now + window; step++) {
    const isCode = equalInConstantTime(totpAt(secret, Math.max(0, step), options), given)
    if (isCode && step > afterStep) found ??= step
  }
  return found
}

/**
 * The code of a step (RFC 4226): how many periods have passed since 1970.
 *
 * @throws {TypeError} when the secret is not Base32
 */
export function totpAt(secret: string, step: number, options: TOTPOptions = {}): string {
  const { algorithm = 'SHA1', digits = 6 } = options
  const key = fromBase32(secret)
  if (!key || key.length === 0) throw new TypeError('A TOTP secret is written in Base32.')
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const digest = createHmac(algorithm, key).update(counter).digest()
  const offset = digest.readUInt8(digest.length - 1) & 15
  const code = (digest.readUInt32BE(offset) & 0x7fff_ffff) % 10 ** digits
  return String(code).padStart(digits, '0')
}

/**
 * The address that an authenticator app takes as a QR code.
 *
 * @param issuer names the app, `account` the user there; for people
 */
export function toTOTPAddress(
  secret: string,
  { issuer, account, ...options }: TOTPOptions & { issuer: string; account: string },
): string {
  const { algorithm = 'SHA1', digits = 6, periodS = 30 } = options
  const label = [issuer, account]
    .map((part) => encodeURIComponent(part.replaceAll(':', ' ')))
    .join(':')
  const query = Object.entries({ secret, issuer, algorithm, digits, period: periodS })
  // Not URLSearchParams: apps show its "+" for a space as it is.
  const pairs = query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  return `otpauth://totp/${label}?${pairs.join('&')}`
}
