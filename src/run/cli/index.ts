/** The command line: `dewar run`, `dewar routes`, `dewar shell`, and the app's own commands. */

export { runCommand } from './app_commands.ts'
export type { Terminal } from './terminal.ts'
export { main } from './main.ts'
