import { explainListening } from './listen_error.ts'
import { type Invocation, loadAskedApp } from './invocation.ts'
import { readEnvironment } from './environment.ts'
import { refuseProduction } from './production.ts'
import { isReloading, watchConfiguration } from './reload.ts'
import { startupLines } from './startup_lines.ts'
import { untilStopped } from './stop.ts'

interface ServerOptions {
  readonly host: string
  readonly port: number
  readonly debug: boolean
}

const CLOSE_DEADLINE_MS = 10_000
/** A change should be seen soon, whatever a stream that is still open would say. */
const RELOAD_DEADLINE_MS = 1000

/** Serve the app in this process until a signal comes. @returns the exit code */
export async function developmentServer(
  { host, port, debug }: ServerOptions,
  invocation: Invocation,
): Promise<number> {
  const { terminal } = invocation
  const { print, printError } = terminal
  terminal.env['DEWAR_DEBUG'] = debug ? '1' : '0'
  const environment = readEnvironment(terminal)
  if (isReloading(terminal)) watchConfiguration(terminal.cwd, environment.profile)
  const { app, file } = await loadAskedApp(invocation)
  try {
    const profile = app.profile ?? environment.profile
    refuseProduction(profile, app.debug)
    await app.ready()
    await app.listen({ host, port }).catch((error: unknown) => {
      throw explainListening(error, host, port)
    })
    for (const line of startupLines(app, { file, profile, host, cwd: terminal.cwd })) print(line)
  } catch (error) {
    await app.close().catch(() => undefined)
    throw error
  }
  const deadlineMs = isReloading(terminal) ? RELOAD_DEADLINE_MS : CLOSE_DEADLINE_MS
  await untilStopped(app, deadlineMs, printError)
  return 0
}
