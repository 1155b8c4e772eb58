import { createHmac, generateKeyPairSync } from 'node:crypto'
import assert from 'node:assert/strict'
import { KeyRing } from '../../../src/token/jwt/key_ring.ts'
import { secretKey } from '../../../src/token/jwt/key.ts'
import { TokenError, type TokenErrorCode } from '../../../src/token/jwt/token_error.ts'
import { TokenVerifier, type TokenVerifierOptions } from '../../../src/token/jwt/verifier.ts'

export const SECRET = 'a secret of the tests, with more than 32 bytes'
export const NOW_S = 1_800_000_000
export const clock = () => NOW_S * 1000

export const CLAIMS = {
  sub: '42',
  iat: NOW_S,
  nbf: NOW_S,
  exp: NOW_S + 600,
  jti: '123e4567-e89b-12d3-a456-426614174000',
  type: 'access',
  fresh: false,
  role: 'user',
}

export const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
export const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
export const ed25519 = generateKeyPairSync('ed25519')

export function encode(value: unknown): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString(
    'base64url',
  )
}

/** Sign anything with HMAC, as attackers and other libraries do. */
export function mint(
  claims: unknown,
  header: object = {},
  secret: string | Buffer = SECRET,
): string {
  const signed = `${encode({ alg: 'HS256', typ: 'JWT', ...header })}.${encode(claims)}`
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
}

export function verifier(options: Partial<TokenVerifierOptions> = {}): TokenVerifier {
  return new TokenVerifier({ keys: new KeyRing([secretKey(SECRET)]), clock, ...options })
}

/** Check that verification is refused for this reason. */
export async function assertRefused(
  code: TokenErrorCode,
  token: string,
  { type, ...options }: Partial<TokenVerifierOptions> & { type?: string } = {},
): Promise<TokenError> {
  let refusal: unknown
  try {
    await verifier(options).verify(token, type)
  } catch (error) {
    refusal = error
  }
  assert.ok(refusal instanceof TokenError, `not refused as ${code}: ${String(refusal)}`)
  assert.equal(refusal.code, code)
  return refusal
}
