/** What the command line reads and writes; a test gives its own. */
export interface Terminal {
  readonly print: (line: string) => void
  readonly printError: (line: string) => void
  readonly cwd: string
  /** Written to only to tell the app that it runs in debug mode, and that a person reads its log. */
  readonly env: NodeJS.ProcessEnv
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  return {
    print: (line) => void process.stdout.write(`${line}\n`),
    printError: (line) => void process.stderr.write(`${line}\n`),
    cwd: process.cwd(),
    env: process.env,
  }
}
