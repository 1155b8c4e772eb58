/** The command line says why it cannot go on, and ends; the message is all that the user needs. */
export class CLIError extends Error {
  override readonly name = 'CLIError'
  /** 1: it failed. 2: the command line was wrong. */
  readonly exitCode: 1 | 2

  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message)
    this.exitCode = exitCode
  }
}

/** No app where one was looked for; its commands cannot be known. */
export class NoApp extends CLIError {}
