import type { CompactToken } from './compact_token.ts'

/** Where the keys come from that tokens are verified with. */
export interface KeySource {
  /** Changes with the keys. `undefined` while what was verified before must be verified again. */
  readonly version: number | undefined
  /**
   * Check the signature of a token.
   *
   * @throws {TokenError} when it is not good, or cannot be checked
   */
  verify(token: CompactToken): void | Promise<void>
}
