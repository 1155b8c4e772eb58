import type { Command } from 'commander'
import { auditApp, type Finding } from '../../app/audit.ts'
import { auditPackages } from './audit_packages.ts'
import { CLIError } from './cli_error.ts'
import { explainShortly } from './explain.ts'
import { type Invocation, loadAskedApp } from './invocation.ts'

/** Add `dewar audit`. */
export function addAudit(program: Command, invocation: Invocation): void {
  program
    .command('audit')
    .description('List what is unsafe about the app in production; exit code 1 when anything is')
    .option('--json', 'as a JSON list')
    .action(async ({ json }: { json?: true }) => {
      const { terminal } = invocation
      const findings = [...(await auditLoaded(invocation)), ...auditPackages(terminal.cwd)]
      if (json) terminal.print(JSON.stringify(findings, null, 2))
      else for (const line of linesOf(findings)) terminal.print(line)
      if (findings.length > 0) invocation.exitCode = 1
    })
}

/** The app as production would have it: what keeps it from starting there is the first finding. */
async function auditLoaded(invocation: Invocation): Promise<readonly Finding[]> {
  const { env, cwd } = invocation.terminal
  env['DEWAR_ENV'] = 'production'
  try {
    const { app } = await loadAskedApp(invocation)
    try {
      return auditApp(app)
    } finally {
      await app.close()
    }
  } catch (error) {
    if (error instanceof CLIError) throw error
    const unsafe = `The app does not start in production: ${explainShortly(error, cwd)}`
    return [{ unsafe, remedy: 'Set what is missing, and audit again: DEWAR_ENV=production.' }]
  }
}

function linesOf(findings: readonly Finding[]): string[] {
  if (findings.length === 0) return ['Nothing unsafe was found.']
  const lines = findings.flatMap(({ unsafe, remedy }) => [`- ${unsafe}`, `  ${remedy}`])
  return [...lines, `${findings.length} found.`]
}
