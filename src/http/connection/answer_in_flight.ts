import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/**
 * The answer that a connection waits for, or is being sent.
 *
 * Node keeps it in a member that it does not document, and asks there itself before it touches a connection. There
 * is no public way that costs nothing a request.
 */
export function answerInFlight(socket: Duplex): ServerResponse | undefined {
  // oxlint-disable-next-line no-underscore-dangle -- Node's own name for it
  return (socket as Duplex & { _httpMessage?: ServerResponse | null })._httpMessage ?? undefined
}
