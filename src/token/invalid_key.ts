/** Fewest bytes of an HMAC secret: RFC 7518, section 3.2, as many as the hash has. */
export const HMAC_MIN_BYTES = 32

/** A key or secret that must not be used. A mistake of whoever configures the app; says what to do. */
export class InvalidKey extends Error {
  override readonly name = 'InvalidKey'

  static tooShort(bytes: number): InvalidKey {
    const remedy = 'Make one with: openssl rand -base64 48'
    return new InvalidKey(
      `A secret needs at least ${HMAC_MIN_BYTES} bytes, not ${bytes}. ${remedy}`,
    )
  }
}
