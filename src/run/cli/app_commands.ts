import { type Command as Program, CommanderError, InvalidArgumentError, Option } from 'commander'
import type { AnyApp } from '../../app/app.ts'
import type { Command, CommandGroup, CommandInput, CommandOptions } from '../../app/commands.ts'
import { CLIError } from './cli_error.ts'
import { createProgram } from './program.ts'

type Declared = CommandOptions[string]

/** Where an app's command prints, and what becomes of its exit code. */
interface Run {
  readonly print: CommandInput['print']
  readonly ask?: CommandInput['ask']
  readonly finish: (exitCode: number) => void
}

/**
 * Run one of the app's own commands, as `dewar` would: parsed from its declaration, in a scope of the app.
 *
 * What the command throws is thrown; the app stays open.
 *
 * @param argv the command's name, its arguments and options
 * @param print takes what the command prints, and what is wrong with the command line
 * @returns the exit code: the command's own, or 2 when the command line was wrong
 *
 * @example
 * ```ts
 * import { App } from 'dewar'
 * import { runCommand } from 'dewar/cli'
 *
 * const app = new App('shop').command({
 *   name: 'greet',
 *   summary: 'Say hello',
 *   args: ['<name>'],
 *   run: ({ args, print }) => print(`Hello ${args[0]}`),
 * })
 * const lines: string[] = []
 * await runCommand(app, ['greet', 'Ada'], (line) => lines.push(line)) //=> 0
 * lines //=> ['Hello Ada']
 * ```
 */
export async function runCommand(
  app: AnyApp,
  argv: readonly string[],
  print: (line: string) => void = console.log,
): Promise<number> {
  let exitCode = 0
  const program = createProgram({ print, printError: print })
  addCommands(program, app, { print, finish: (code) => void (exitCode = code) })
  try {
    await program.parseAsync(argv, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    throw error
  }
}

/**
 * Add the app's commands to `program`.
 *
 * @throws {CLIError} when one has a name that is taken
 */
export function addCommands(program: Program, app: AnyApp, run: Run): void {
  for (const command of app.commands) {
    if (program.commands.some((each) => each.name() === command.name)) {
      throw new CLIError(
        `The app "${app.name}" has a command "${command.name}", and there is one of that name already.`,
      )
    }
    if ('commands' in command) addGroup(program, app, command, run)
    else addCommand(program, app, command, run)
  }
}

function addGroup(program: Program, app: AnyApp, declared: CommandGroup, run: Run): void {
  const group = program.command(declared.name).description(declared.summary)
  for (const command of declared.commands) addCommand(group, app, command, run)
}

function addCommand(program: Program, app: AnyApp, declared: Command, run: Run): void {
  const { args = [], options = {} } = declared
  const command = program.command(declared.name).description(declared.summary)
  for (const arg of args) command.argument(arg)
  const added = Object.entries(options).map(([name, each]) => [name, toOption(name, each)] as const)
  for (const [, option] of added) command.addOption(option)
  command.action(async () => {
    const given = command.opts<CommandInput['options']>()
    const values = added.map(([name, option]) => [name, given[option.attributeName()]])
    const input = {
      app,
      ask: run.ask,
      options: Object.fromEntries(values),
      args: command.args,
      // Whatever the printer gives back, a command may hand on; it is no exit code.
      print(line: string) {
        run.print(line)
      },
    }
    const work = () => declared.run(input)
    const exitCode = await (declared.startsApp === false ? work() : app.withScope(work))
    run.finish(exitCode ?? 0)
  })
}

/** @param name `dryRun` or `dry_run`, which both become `--dry-run` */
function toOption(name: string, declared: Declared): Option {
  const long = name
    .replaceAll(/(?<=[a-z\d])[A-Z]/g, '-$&')
    .replaceAll('_', '-')
    .toLowerCase()
  const short = declared.short === undefined ? '' : `-${declared.short}, `
  const value = declared.type === 'boolean' ? '' : ` <${declared.type === 'number' ? 'n' : 'text'}>`
  const option = new Option(`${short}--${long}${value}`, declared.summary)
  // Commander would read `--no-seed` as the negation of a flag `seed`, which was not declared.
  option.negate = false
  if (declared.type === 'boolean') return option.default(false, 'off')
  if (declared.type === 'number') option.argParser(toNumber)
  return declared.default === undefined ? option : option.default(declared.default)
}

function toNumber(text: string): number {
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) return Number(text)
  throw new InvalidArgumentError('It is not a number.')
}
