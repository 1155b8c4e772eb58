import { createHmac, timingSafeEqual } from 'node:crypto'
import { compactVerify, type CompactVerifyGetKey, errors, type KeyObject } from 'jose'
import type { CompactToken } from './compact_token.ts'
import type { TokenKey } from './key.ts'
import { TokenError } from './token_error.ts'

/** Whether `key`, whose algorithm is the token's, made the signature. */
export function isSignedBy(key: TokenKey, token: CompactToken): boolean | Promise<boolean> {
  if (key.algorithm === 'HS256') return isHMAC(key, token)
  return isSigned(token, key.verifying)
}

/** jose would hand HS256 to another thread, which costs more than the hash: docs/design/tokens.md. */
function isHMAC(key: TokenKey, { signed, signature }: CompactToken): boolean {
  const expected = createHmac('sha256', key.verifying).update(signed).digest('base64url')
  // As text, so that no other spelling of the same bytes is accepted.
  return (
    expected.length === signature.length &&
    timingSafeEqual(Buffer.from(expected), Buffer.from(signature))
  )
}

/**
 * Whether a public key made the signature.
 *
 * @throws what finding the key throws
 */
export async function isSigned(
  { text, algorithm }: CompactToken,
  key: KeyObject | CompactVerifyGetKey,
): Promise<boolean> {
  try {
    const options = { algorithms: [algorithm] }
    await (typeof key === 'function'
      ? compactVerify(text, key, options)
      : compactVerify(text, key, options))
    return true
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed) return false
    if (error instanceof errors.JWSInvalid) return false
    throw error
  }
}

/** What is thrown where no key made the signature. */
export function badSignature(): TokenError {
  return new TokenError('token_bad_signature', 'Signature verification failed')
}
