import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../lib/clock.ts'
import { HMAC_MIN_BYTES, InvalidKey } from './invalid_key.ts'

/** Why a signed value is refused: stable names, for programs. */
export type SignedValueErrorCode =
  | 'signed_value_malformed'
  | 'signed_value_too_large'
  | 'signed_value_bad_signature'
  | 'signed_value_expired'

/** A signed value that is not accepted. */
export class SignedValueError extends Error {
  override readonly name = 'SignedValueError'
  readonly code: SignedValueErrorCode

  constructor(code: SignedValueErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

export interface SignedValuesOptions {
  /** The first signs, all verify; each at least 32 bytes. */
  secrets: readonly (string | Uint8Array)[]
  /** What the values are for, such as `'session'`. One for another purpose has another signature. */
  purpose: string
  /** Longest text that is written or read, in bytes. Default 4,096, as for a cookie. */
  maxBytes?: number
  clock?: Clock
}

/** Values that clients keep and cannot change: sessions in cookies, links in mails. They can read them. */
export class SignedValues {
  readonly #signer: Buffer
  readonly #keys: readonly Buffer[]
  readonly #maxBytes: number
  readonly #clock: Clock

  /** @throws {InvalidKey} when there is no secret, or a short one */
  constructor({ secrets, purpose, maxBytes = 4_096, clock = Date.now }: SignedValuesOptions) {
    this.#keys = secrets.map((secret) => deriveKey(secret, purpose))
    const [signer] = this.#keys
    if (!signer) throw new InvalidKey('Signed values need a secret.')
    this.#signer = signer
    this.#maxBytes = maxBytes
    this.#clock = clock
  }

  /**
   * Write a value as text for cookies and addresses.
   *
   * @param value as JSON can write it
   * @param lifetimeMs how long it can be read. Default: until `maxAgeMs` of {@link read}
   * @throws {TypeError} when JSON cannot write it, or it grows too long
   */
  sign(value: unknown, lifetimeMs?: number): string {
    const now = Math.floor(this.#clock())
    const expires = lifetimeMs === undefined ? null : Math.floor(now + lifetimeMs)
    if (Number.isNaN(expires)) throw new TypeError('The lifetime is not a number.')
    if (JSON.stringify(value) === undefined) {
      throw new TypeError('Only what JSON can write can be signed.')
    }
    const body = Buffer.from(JSON.stringify([now, expires, value])).toString('base64url')
    const text = `${body}.${signatureOf(body, this.#signer)}`
    if (text.length <= this.#maxBytes) return text
    throw new TypeError(
      `A signed value of ${text.length} bytes is too long; ${this.#maxBytes} is the most.`,
    )
  }

  /**
   * Read a value that was signed here.
   *
   * @param maxAgeMs since it was signed
   * @throws {SignedValueError} when it was changed, is expired, or is none
   */
  read(text: string, maxAgeMs: number = Infinity): unknown {
    if (text.length > this.#maxBytes) throw refusal('signed_value_too_large')
    const [, body, signature] = /^([\w-]+)\.([\w-]{43})$/.exec(text) ?? []
    if (body === undefined || signature === undefined) throw refusal('signed_value_malformed')
    const given = Buffer.from(signature)
    const isSigned = this.#keys.some((key) => {
      return timingSafeEqual(Buffer.from(signatureOf(body, key)), given)
    })
    if (!isSigned) throw refusal('signed_value_bad_signature')
    const [at, expires, value] = parse(body)
    const now = this.#clock()
    const isOver = expires !== null && now >= expires
    if (isOver || now - at >= maxAgeMs) throw refusal('signed_value_expired')
    return value
  }
}

function signatureOf(body: string, key: Buffer): string {
  return createHmac('sha256', key).update(body).digest('base64url')
}

const MESSAGES: Record<SignedValueErrorCode, string> = {
  signed_value_malformed: 'This is not a signed value.',
  signed_value_too_large: 'The signed value is too long.',
  signed_value_bad_signature: 'The signed value was changed, or signed for something else.',
  signed_value_expired: 'The signed value has expired.',
}

function refusal(code: SignedValueErrorCode): SignedValueError {
  return new SignedValueError(code, MESSAGES[code])
}

/** Keys differ with the purpose, and from the key that signs tokens with the same secret. */
function deriveKey(secret: string | Uint8Array, purpose: string): Buffer {
  const bytes = Buffer.from(secret)
  if (bytes.length < HMAC_MIN_BYTES) throw InvalidKey.tooShort(bytes.length)
  return Buffer.from(hkdfSync('sha256', bytes, '', `dewar signed value: ${purpose}`, 32))
}

/** What is signed was written by {@link SignedValues.sign}, so its form is known. */
function parse(body: string): [at: number, expires: number | null, value: unknown] {
  return JSON.parse(Buffer.from(body, 'base64url').toString())
}
