/** The second factor of an account: a secret that an authenticator app has too. */
export interface SecondFactor {
  /** In Base32. */
  readonly secret: string
  /** Whether a code of it was given once; before that it asks nothing of anybody. */
  readonly isConfirmed: boolean
  /** The step of the last code that was accepted; -1 where none was. */
  readonly lastStep: number
}

/** Where second factors are kept. Shared by all processes of an app. */
export interface SecondFactorStore {
  find(subject: string): Promise<SecondFactor | undefined>
  /** Keep a secret, in place of one that was never confirmed. */
  propose(subject: string, secret: string): Promise<void>
  /** From here on it is asked for. @param recoveryHashes of codes in its place, each for one use */
  confirm(subject: string, recoveryHashes: readonly string[]): Promise<void>
  /** Note the step of a code, at once. @returns false where it, or a later one, was used before */
  useStep(subject: string, step: number): Promise<boolean>
  recoveryHashes(subject: string): Promise<readonly string[]>
  /** Remove a code, at once. @returns false where somebody else has */
  useRecoveryHash(subject: string, hash: string): Promise<boolean>
  remove(subject: string): Promise<void>
}
