/** What one hash of argon2 takes. */
export interface Argon2Cost {
  readonly memoryKiB: number
  readonly passes: number
  readonly parallelism: number
}

/** A password's hash as it is kept in a database, read and within the limits. */
export interface StoredHash {
  readonly digest: Buffer
  /** Whether it was made of the password in its normal form. */
  readonly isNormalized: boolean
  /** Absent where another function made it. */
  readonly cost?: Argon2Cost
  /** Hash a password in the same way, on another thread. */
  derive(password: Buffer): Promise<Buffer>
}
