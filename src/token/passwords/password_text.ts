/** Longest password, in bytes of UTF-8. Hashing takes any length; a client must not choose how much is read. */
export const MAX_PASSWORD_BYTES = 1_024

/** Whether `password` can be one: not longer than the limit, and text that can be written as UTF-8. */
export function isPossible(password: string): boolean {
  return password.isWellFormed() && Buffer.byteLength(password) <= MAX_PASSWORD_BYTES
}

/** One form for what looks the same, however a keyboard writes it: NFKC, as NIST SP 800-63B asks. */
export function normalize(password: string): string {
  return password.normalize('NFKC')
}
