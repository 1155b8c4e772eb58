import { CLIError } from './cli_error.ts'

/**
 * Take `--app FILE` out of a command line: it may stand before and after the command, whose options are not known yet.
 *
 * @throws {CLIError} when no value follows
 */
export function takeApp(argv: readonly string[]): {
  readonly asked: string | undefined
  readonly rest: readonly string[]
} {
  const at = argv.findIndex((each) => each === '--app' || each.startsWith('--app='))
  const end = argv.indexOf('--')
  if (at === -1 || (end !== -1 && end < at)) return { asked: undefined, rest: argv }
  const isJoined = argv[at] !== '--app'
  const asked = isJoined ? argv[at]?.slice('--app='.length) : argv[at + 1]
  if (!asked) throw new CLIError('--app needs the file of the app: --app server.ts', 2)
  return { asked, rest: argv.toSpliced(at, isJoined ? 1 : 2) }
}

/** The name of the command; undefined when there are only options. */
export function firstOperand(rest: readonly string[]): string | undefined {
  return rest.find((each) => !each.startsWith('-'))
}
