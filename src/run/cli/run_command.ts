import { type Command, InvalidArgumentError } from 'commander'
import { CLIError } from './cli_error.ts'
import { type Environment, readEnvironment } from './environment.ts'
import { findApp } from './find_app.ts'
import type { Invocation } from './invocation.ts'
import { checkPort } from './listen_error.ts'
import { refuseProduction } from './production.ts'
import { runReloading } from './reload.ts'

interface RunOptions {
  readonly host: string
  readonly port?: number
  readonly reload: boolean
  readonly debug: boolean
}

const DEFAULT_PORT = 5000

/** Add `dewar run`. */
export function addRun(program: Command, invocation: Invocation): void {
  program
    .command('run')
    .description('Start the development server: debug mode, and a new start on every change')
    .option('--host <host>', 'where to listen; 0.0.0.0 for every network', '127.0.0.1')
    .option('-p, --port <port>', 'where to listen (default: PORT, else 5000)', toPort)
    .option('--no-reload', 'do not watch the files')
    .option('--no-debug', 'answer errors as in production, without stack and source')
    .action(async (options: RunOptions) => {
      invocation.exitCode = await run(options, invocation)
    })
}

async function run(options: RunOptions, invocation: Invocation): Promise<number> {
  const { terminal, asked } = invocation
  const { host, debug } = options
  const environment = readEnvironment(terminal)
  refuseProduction(environment.profile, debug, terminal.env)
  const port = options.port ?? portFrom(environment)
  if (!options.reload) {
    // The process that only watches another one starts sooner without the framework.
    const { developmentServer } = await import('./development_server.ts')
    return developmentServer({ host, port, debug }, invocation)
  }
  // What no change of a file can put right ends the command, not only the process that is watched.
  const { file, exportName } = findApp(asked, terminal)
  await checkPort({ host, port, env: terminal.env })
  const app = exportName === undefined ? file : `${file}:${exportName}`
  const argv = ['--app', app, '--host', host, '--port', String(port)]
  return runReloading(debug ? argv : [...argv, '--no-debug'], terminal)
}

function portFrom(environment: Environment): number {
  const text = environment.get('PORT')
  if (text === undefined) return DEFAULT_PORT
  const port = readPort(text)
  if (port === undefined)
    throw new CLIError(`PORT is "${text}". A port is a number from 0 to 65535.`)
  return port
}

function toPort(text: string): number {
  const port = readPort(text)
  if (port === undefined) throw new InvalidArgumentError('A port is a number from 0 to 65535.')
  return port
}

function readPort(text: string): number | undefined {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined
}
