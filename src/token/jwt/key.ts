import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  hash,
  KeyObject,
  type JsonWebKey,
  type JsonWebKeyInput,
} from 'node:crypto'
import { HMAC_MIN_BYTES, InvalidKey } from '../invalid_key.ts'

/** How tokens are signed. One key has one algorithm, so a token cannot choose another. */
export type Algorithm = 'HS256' | 'RS256' | 'ES256' | 'EdDSA'

/** A key of a {@link KeyRing}. Made by {@link secretKey}, {@link privateKey} and {@link publicKey}. */
export interface TokenKey {
  readonly kid: string
  readonly algorithm: Algorithm
  readonly verifying: KeyObject
  /** Absent from a key that only verifies. */
  readonly signing: KeyObject | undefined
}

export interface KeyOptions {
  /** Its name in tokens. Default: made from the key, so that every process finds the same. */
  kid?: string | undefined
}

type KeyInput = string | JsonWebKey | KeyObject

/**
 * A shared secret, for HS256.
 *
 * @param secret at least 32 bytes; text counts as UTF-8
 * @throws {InvalidKey} when it is short, or a key of another kind
 */
export function secretKey(secret: string | Uint8Array, options: KeyOptions = {}): TokenKey {
  const bytes = Buffer.from(secret)
  if (bytes.length < HMAC_MIN_BYTES) throw InvalidKey.tooShort(bytes.length)
  if (isKeyText(bytes.toString('latin1'))) {
    throw new InvalidKey(
      'A secret for HS256 cannot be a PEM or JSON Web Key: those are no secrets.',
    )
  }
  const kid = createHmac('sha256', bytes).update('dewar kid').digest('base64url').slice(0, 16)
  const key = createSecretKey(bytes)
  return { kid: options.kid ?? kid, algorithm: 'HS256', verifying: key, signing: key }
}

/**
 * A private key as PEM (PKCS #8), JSON Web Key or `KeyObject`: RSA signs RS256, P-256 ES256, Ed25519 EdDSA.
 *
 * @throws {InvalidKey} when it is none of these, or RSA with less than 2048 bits
 */
export function privateKey(key: KeyInput, options: KeyOptions = {}): TokenKey {
  const signing = readKey(key, createPrivateKey, 'private')
  return { ...fromPublic(createPublicKey(signing), key, options), signing }
}

/**
 * A public key, which only verifies: PEM (SPKI or a certificate), JSON Web Key or `KeyObject`.
 *
 * @throws {InvalidKey} as {@link privateKey}
 */
export function publicKey(key: KeyInput, options: KeyOptions = {}): TokenKey {
  return fromPublic(readKey(key, createPublicKey, 'public'), key, options)
}

/** What others need to verify: a JSON Web Key without its private parts; nothing for a secret. */
export function toPublicJWK(key: TokenKey): JsonWebKey | undefined {
  if (key.verifying.type !== 'public') return undefined
  const { kid, algorithm: alg } = key
  return { ...key.verifying.export({ format: 'jwk' }), kid, alg, use: 'sig' }
}

function fromPublic(verifying: KeyObject, given: KeyInput, options: KeyOptions): TokenKey {
  const algorithm = algorithmOf(verifying)
  const { kid, alg = algorithm, use = 'sig' } = isJWK(given) ? given : {}
  if (alg !== algorithm || use !== 'sig') {
    throw new InvalidKey(
      `This key is for alg "${text(alg)}" and use "${text(use)}", not ${algorithm}.`,
    )
  }
  const ownKid = typeof kid === 'string' ? kid : undefined
  return {
    kid: options.kid ?? ownKid ?? thumbprint(verifying),
    algorithm,
    verifying,
    signing: undefined,
  }
}

function readKey(
  key: KeyInput,
  read: (key: string | JsonWebKeyInput) => KeyObject,
  type: 'private' | 'public',
): KeyObject {
  if (key instanceof KeyObject) {
    if (key.type === type) return key
    throw new InvalidKey(`This is a ${key.type} key, not a ${type} one.`)
  }
  try {
    return read(isJWK(key) ? { key, format: 'jwk' } : key)
  } catch (cause) {
    // The cause names the fault, as "unsupported", and nothing of the key.
    throw new InvalidKey(`This cannot be read as a ${type} key: give PEM or a JSON Web Key.`, {
      cause,
    })
  }
}

function algorithmOf(key: KeyObject): Algorithm {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details = {} } = key
  if (type === 'ed25519') return 'EdDSA'
  if (type === 'ec' && details.namedCurve === 'prime256v1') return 'ES256'
  if (type !== 'rsa') {
    const curve = details.namedCurve === undefined ? '' : ` ${details.namedCurve}`
    throw new InvalidKey(`Keys are RSA, P-256 or Ed25519, not ${type}${curve}.`)
  }
  // RFC 7518, section 3.3
  if ((details.modulusLength ?? 0) >= 2048) return 'RS256'
  throw new InvalidKey(`An RSA key has at least 2048 bits, not ${details.modulusLength}.`)
}

/** RFC 7638: the hash of the members that make the key, in this order. */
function thumbprint(key: KeyObject): string {
  const { crv, e, kty, n, x, y } = key.export({ format: 'jwk' })
  return hash('sha256', JSON.stringify({ crv, e, kty, n, x, y }), 'base64url')
}

function isJWK(key: KeyInput): key is JsonWebKey {
  return typeof key === 'object' && !(key instanceof KeyObject)
}

function isKeyText(secret: string): boolean {
  return secret.includes('-----BEGIN ') || /^\s*\{[^]*"(?:kty|keys)"/.test(secret)
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : typeof value
}
