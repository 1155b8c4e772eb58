import { serve } from '../server/serve.ts'
import { explainListening } from './listen_error.ts'
import { type Invocation, loadAskedApp } from './invocation.ts'
import { type Environment, readEnvironment } from './environment.ts'
import { refuseProduction } from './production.ts'
import { isReloading, watchConfiguration } from './reload.ts'
import { startupLines } from './startup_lines.ts'

interface ServerOptions {
  readonly host: string
  readonly port: number
  readonly debug: boolean
}

/** When it reloads, a change should be seen soon, whatever a stream that is still open would say. */
const DEADLINE = { reloading: '1s', otherwise: '10s' } as const

/** Serve the app in this process until a signal comes. @returns the exit code */
export async function developmentServer(
  { host, port, debug }: ServerOptions,
  invocation: Invocation,
): Promise<number> {
  const { terminal } = invocation
  const { print } = terminal
  terminal.env['DEWAR_DEBUG'] = debug ? '1' : '0'
  const environment = readEnvironment(terminal)
  logForPeople(terminal.env, environment)
  if (isReloading(terminal)) watchConfiguration(terminal.cwd, environment.profile)
  const { app, file } = await loadAskedApp(invocation)
  const { promise: exited, resolve: exit } = Promise.withResolvers<number>()
  try {
    const profile = app.profile ?? environment.profile
    refuseProduction(profile, app.debug, terminal.env)
    await app.ready()
    const deadline = DEADLINE[isReloading(terminal) ? 'reloading' : 'otherwise']
    await serve(app, { host, port, deadline, exit }).catch((error: unknown) => {
      throw explainListening(error, { host, port, env: terminal.env })
    })
    for (const line of startupLines(app, { file, profile, host, cwd: terminal.cwd })) print(line)
  } catch (error) {
    await app.close().catch(() => undefined)
    throw error
  }
  return exited
}

/** Where the environment says nothing itself. */
function logForPeople(env: NodeJS.ProcessEnv, { profile, get }: Environment): void {
  if (profile !== 'production') env['DEWAR_LOG'] = get('DEWAR_LOG') ?? 'text'
  if (profile === 'development') env['DEWAR_ACCESS_LOG'] = get('DEWAR_ACCESS_LOG') ?? '1'
}
