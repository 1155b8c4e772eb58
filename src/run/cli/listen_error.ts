import { once } from 'node:events'
import { createServer } from 'node:net'
import { CLIError } from './cli_error.ts'
import { startedAs } from './started_as.ts'

/** Where to listen; what is advised instead depends on who asked, see {@link startedAs}. */
interface Place {
  readonly host: string
  readonly port: number
  readonly env: NodeJS.ProcessEnv
}

/**
 * Find out whether a port can be had, by taking it for a moment.
 *
 * @throws {CLIError} when it cannot; says what to do
 */
export async function checkPort({ host, port, env }: Place): Promise<void> {
  const server = createServer()
  try {
    await once(server.listen({ host, port, exclusive: true }), 'listening')
  } catch (error) {
    throw explainListening(error, { host, port, env })
  }
  server.close()
  await once(server, 'close')
}

/** What to do about an error of `listen`; one that nothing is known about stays as it is. */
export function explainListening(error: unknown, place: Place): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const explained = typeof code === 'string' ? EXPLANATIONS[code]?.(place) : undefined
  return explained === undefined ? error : new CLIError(explained)
}

const EXPLANATIONS: Readonly<Record<string, (place: Place) => string>> = {
  EADDRINUSE: ({ port, env }) =>
    `Port ${port} is in use by another program. Choose another: ${startedAs(env, `--port ${next(port)}`)}`,
  EACCES: ({ port, env }) =>
    `Port ${port} is reserved for the system administrator. Choose one above 1023: ${startedAs(env, '--port 5000')}`,
  EADDRNOTAVAIL: ({ host }) =>
    `This machine has no address ${host}. Listen on your own machine with --host 127.0.0.1, on all networks with --host 0.0.0.0`,
  ENOTFOUND: ({ host }) => `The host "${host}" is not known. Try --host 127.0.0.1`,
}

function next(port: number): number {
  return port < 65_535 ? port + 1 : 5000
}
