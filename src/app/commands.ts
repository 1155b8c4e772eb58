import type { AnyApp } from './app.ts'

interface Flag {
  readonly type: 'boolean'
  /** One letter: `-f`. */
  readonly short?: string
  readonly summary?: string
}

interface ValueOption {
  readonly type: 'string' | 'number'
  readonly default?: string | number
  readonly short?: string
  readonly summary?: string
}

export type CommandOptions = Readonly<Record<string, Flag | ValueOption>>

type ValueOf<O> = O extends { type: 'boolean' }
  ? boolean
  : O extends { type: 'number' }
    ? O extends { default: number }
      ? number
      : number | undefined
    : O extends { default: string }
      ? string
      : string | undefined

export interface CommandInput<Options extends CommandOptions = CommandOptions> {
  readonly app: AnyApp
  readonly options: { readonly [K in keyof Options]: ValueOf<Options[K]> }
  /** What stands on the command line besides options. */
  readonly args: readonly string[]
  readonly print: (line: string) => void
  /** Put a question to whoever sits at the terminal; undefined where nobody does. */
  readonly ask?: Ask | undefined
}

/** @returns the line that was typed */
export type Ask = (question: string) => Promise<string>

/** One verb of the app's command line, `dewar init-db`: data plus `run`, inside a scope of the app. */
export interface Command<Options extends CommandOptions = CommandOptions> {
  readonly name: string
  readonly summary: string
  /** Names of arguments for the help text, such as `'[task_id]'`. */
  readonly args?: readonly string[]
  readonly options?: Options
  /**
   * Whether the app is started before, with all that runs at its start, and the command runs in a scope of it. Default: true.
   * One that repairs what the start needs says false.
   */
  readonly startsApp?: boolean
  /** @returns the exit code; nothing means 0 */
  // oxlint-disable-next-line typescript/method-signature-style -- a method, so that a command with options fits a list of commands
  run(input: CommandInput<Options>): number | void | Promise<number | void>
}

/** Commands with a first word in common: `dewar db upgrade`. */
export interface CommandGroup {
  readonly name: string
  readonly summary: string
  readonly commands: readonly Command[]
}

/** A command whose options are typed by their declaration. */
export function command<const Options extends CommandOptions = {}>(
  declared: Command<Options>,
): Command<Options> {
  return declared
}
