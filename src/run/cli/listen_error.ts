import { once } from 'node:events'
import { createServer } from 'node:net'
import { CLIError } from './cli_error.ts'

/**
 * Find out whether a port can be had, by taking it for a moment.
 *
 * @throws {CLIError} when it cannot; says what to do
 */
export async function checkPort(host: string, port: number): Promise<void> {
  const server = createServer()
  try {
    await once(server.listen({ host, port, exclusive: true }), 'listening')
  } catch (error) {
    throw explainListening(error, host, port)
  }
  server.close()
  await once(server, 'close')
}

/** What to do about an error of `listen`; one that nothing is known about stays as it is. */
export function explainListening(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const explained = typeof code === 'string' ? EXPLANATIONS[code]?.(host, port) : undefined
  return explained === undefined ? error : new CLIError(explained)
}

const EXPLANATIONS: Readonly<Record<string, (host: string, port: number) => string>> = {
  EADDRINUSE: (_host, port) =>
    `Port ${port} is in use by another program. Choose another: dewar run --port ${next(port)}`,
  EACCES: (_host, port) =>
    `Port ${port} is reserved for the system administrator. Choose one above 1023: dewar run --port 5000`,
  EADDRNOTAVAIL: (host) =>
    `This machine has no address ${host}. Listen on your own machine with --host 127.0.0.1, on all networks with --host 0.0.0.0`,
  ENOTFOUND: (host) => `The host "${host}" is not known. Try --host 127.0.0.1`,
}

function next(port: number): number {
  return port < 65_535 ? port + 1 : 5000
}
