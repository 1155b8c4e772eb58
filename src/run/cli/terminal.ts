import { createInterface } from 'node:readline/promises'
import type { Ask } from '../../app/commands.ts'

/** What the command line reads and writes; a test gives its own. */
export interface Terminal {
  readonly print: (line: string) => void
  readonly printError: (line: string) => void
  /** Undefined where nobody sits. */
  readonly ask?: Ask | undefined
  readonly cwd: string
  /** Written to only to tell the app that it runs in debug mode, and that a person reads its log. */
  readonly env: NodeJS.ProcessEnv
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  return {
    print: (line) => void process.stdout.write(`${line}\n`),
    printError: (line) => void process.stderr.write(`${line}\n`),
    ask: process.stdin.isTTY && process.stdout.isTTY ? askHere : undefined,
    cwd: process.cwd(),
    env: process.env,
  }
}

const askHere: Ask = async (question) => {
  const lines = createInterface({ input: process.stdin, output: process.stdout })
  try {
    return await lines.question(question)
  } finally {
    lines.close()
  }
}
