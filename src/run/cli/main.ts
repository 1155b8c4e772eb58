import { type Command, CommanderError } from 'commander'
import { addCommands } from './app_commands.ts'
import { addAudit } from './audit_command.ts'
import { takeApp, firstOperand } from './argv.ts'
import { CLIError, NoApp } from './cli_error.ts'
import { explain, explainShortly } from './explain.ts'
import { type Invocation, loadAskedApp } from './invocation.ts'
import type { LoadedApp } from './load_app.ts'
import { createProgram } from './program.ts'
import { addRoutes } from './routes_command.ts'
import { addRun } from './run_command.ts'
import { addShell } from './shell_command.ts'
import { processTerminal, type Terminal } from './terminal.ts'

/**
 * Run one command line.
 *
 * @param argv without Node's and the program's own names
 * @returns the exit code: 0 done, 1 failed, 2 the command line was wrong
 */
export async function main(
  argv: readonly string[],
  terminal: Partial<Terminal> = {},
): Promise<number> {
  const whole: Terminal = { ...processTerminal(), ...terminal }
  const { printError, cwd } = whole
  try {
    return await execute(argv, whole)
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    printError(explain(error, cwd))
    return error instanceof CLIError ? error.exitCode : 1
  }
}

async function execute(argv: readonly string[], terminal: Terminal): Promise<number> {
  const { asked, rest } = takeApp(argv)
  const invocation: Invocation = { terminal, asked, exitCode: 0 }
  const program = createProgram(terminal)
  for (const add of [addRun, addRoutes, addShell, addAudit]) add(program, invocation)
  const loaded = isVersion(rest)
    ? undefined
    : await addOwnCommands(program, invocation, firstOperand(rest))
  try {
    await program.parseAsync(rest, { from: 'user' })
  } finally {
    await loaded?.app.close()
  }
  return invocation.exitCode
}

function isVersion([first]: readonly string[]): boolean {
  return first === '--version' || first === '-V'
}

/** Load the app only where its commands are asked for: to run one, or to list them all. */
async function addOwnCommands(
  program: Command,
  invocation: Invocation,
  asked: string | undefined,
): Promise<LoadedApp | undefined> {
  const isBuiltIn = program.commands.some((command) => command.name() === asked)
  if (isBuiltIn) return undefined
  const isHelp = asked === undefined || asked === 'help'
  try {
    const loaded = await loadAskedApp(invocation)
    addCommands(program, loaded.app, {
      print: invocation.terminal.print,
      ask: invocation.terminal.ask,
      finish: (exitCode) => void (invocation.exitCode = exitCode),
    })
    return loaded
  } catch (error) {
    if (!isHelp && !(error instanceof NoApp && invocation.asked === undefined)) throw error
    const why = explainShortly(error, invocation.terminal.cwd)
    const note = `The app's own commands are not known: ${why}`
    program.addHelpText('after', `\n${note}`).showHelpAfterError(note)
    return undefined
  }
}
