import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { answerInFlight } from './answer_in_flight.ts'

/**
 * End connections whose client does not read its answer.
 *
 * Node's own way, `server.timeout`, arms a timer at every request; here only a connection that is seen to wait for its
 * client gets one. That also counts as progress what the client takes of one long piece.
 *
 * @param timeoutMs without any progress; 0 is for ever
 */
export function destroyStalled(server: Server, timeoutMs: number): void {
  if (timeoutMs === 0) return
  const sockets = new Set<Socket>()
  let sweep: NodeJS.Timeout | undefined
  server.on(connectionEvent(server), (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('listening', () => {
    sweep = setInterval(() => sockets.forEach((socket) => watch(socket, timeoutMs)), timeoutMs / 4)
    sweep.unref()
  })
  server.on('close', () => clearInterval(sweep))
  server.on('timeout', (socket: Socket) => {
    // What waits for its handler, or for a stream that has nothing to say, is no fault of the client.
    const isWaiting = socket.writableLength === 0 && answerInFlight(socket) !== undefined
    if (!isWaiting) socket.destroy()
  })
}

/** The event that hands out the sockets of which requests are read: those of TLS, where there is TLS. */
export function connectionEvent(server: Server): 'connection' | 'secureConnection' {
  return 'setSecureContext' in server ? 'secureConnection' : 'connection'
}

function watch(socket: Socket, timeoutMs: number): void {
  if (socket.writableLength > 0 && socket.timeout !== timeoutMs) socket.setTimeout(timeoutMs)
}
