/** The configuration cannot be used. Says everything that is wrong with it at once, and no secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  /** One sentence for each thing to put right. */
  readonly problems: readonly string[]

  constructor(problems: readonly string[], intro = 'The configuration cannot be used:') {
    super([intro, ...problems.map((problem) => `  - ${problem}`)].join('\n'))
    this.problems = problems
  }
}

/** Run `step`; what a {@link ConfigError} says is added to `problems`, and the next step can run. */
export function collect<T>(problems: string[], step: () => T): T | undefined {
  try {
    return step()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    problems.push(...error.problems)
    return undefined
  }
}
