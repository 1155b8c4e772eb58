/** Why a password cannot be hashed, or not now. */
export type PasswordErrorCode = 'password_too_long' | 'password_malformed' | 'password_hashing_busy'

/** A password is not hashed. `code` is stable, for programs. */
export class PasswordError extends Error {
  override readonly name = 'PasswordError'
  readonly code: PasswordErrorCode

  constructor(code: PasswordErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
