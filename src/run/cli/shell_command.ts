import type { Command } from 'commander'
import type { Invocation } from './invocation.ts'

/** Add `dewar shell`. */
export function addShell(program: Command, invocation: Invocation): void {
  program
    .command('shell')
    .description('Try things out in the app: a prompt, or code from --code or standard input')
    .option('-c, --code <code>', 'run this instead; `await` may be used')
    .action(async ({ code }: { readonly code?: string }) => {
      const { shell } = await import('./shell.ts')
      await shell(code, invocation)
    })
}
