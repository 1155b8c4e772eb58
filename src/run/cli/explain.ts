import { relative } from 'node:path'
import { describeThrown, titleOfThrown, type Thrown } from '../../app/thrown.ts'
import { CLIError } from './cli_error.ts'

/** What went wrong, for the person at the terminal: message, place and source; no stack of ours. */
export function explain(error: unknown, cwd: string): string {
  if (error instanceof CLIError || isPlain(error)) return error.message
  return explainThrown(describeThrown(error), cwd)
}

/** In one line: `'TypeError: … (app.ts:3)'`. */
export function explainShortly(error: unknown, cwd: string): string {
  const [first = ''] = explain(error, cwd).split('\n', 1)
  const source = describeThrown(error).sources[0]
  const isPlaced = !(error instanceof CLIError) && source
  return isPlaced ? `${first} (${relative(cwd, source.file)}:${source.line})` : first
}

function explainThrown(thrown: Thrown, cwd: string): string {
  const [source] = thrown.sources
  const lines = [titleOfThrown(thrown)]
  if (source) lines.push('', `${relative(cwd, source.file)}:${source.line}`, source.excerpt)
  if (thrown.cause) lines.push('', `Caused by ${explainThrown(thrown.cause, cwd)}`)
  return lines.join('\n')
}

/** Whether the message is for whoever typed the command, and the place in the code is of no use; also of another copy of Dewar. */
function isPlain(error: unknown): error is Error {
  return error instanceof Error && PLAIN.has(error.name)
}

const PLAIN: ReadonlySet<string> = new Set(['ConfigError', 'MigrationError'])
