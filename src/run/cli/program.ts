import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import type { Terminal } from './terminal.ts'

/** `dewar`, without any command yet. */
export function createProgram(terminal: Pick<Terminal, 'print' | 'printError'>): Command {
  const { print, printError } = terminal
  return new Command('dewar')
    .description('Serve, inspect and operate a Dewar app.')
    .option(
      '--app <file[:export]>',
      'the file of the app (default: DEWAR_APP, package.json, app.ts)',
    )
    .version(versions(), '-V, --version', 'show the versions of Dewar and Node')
    .helpOption('-h, --help', 'show what can be said here')
    .helpCommand('help [command]', 'show the help of a command')
    .enablePositionalOptions()
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => print(text.trimEnd()),
      writeErr: (text) => printError(text.trimEnd()),
    })
}

/** The version of this package. */
export function dewarVersion(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')
  const { version }: { version: string } = JSON.parse(text)
  return version
}

function versions(): string {
  return `Dewar ${dewarVersion()}\nNode ${process.versions.node}`
}
