import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { answerInFlight } from './answer_in_flight.ts'

/**
 * End connections that are idle, or whose client does not read its answer, when `server.timeout` is over.
 *
 * A connection on which nothing moves because the handler is at work, or a stream has nothing to say, stays.
 */
export function destroyStalled(server: Server): void {
  server.on('timeout', (socket: Socket) => {
    const isWaiting = socket.writableLength === 0 && answerInFlight(socket) !== undefined
    if (!isWaiting) socket.destroy()
  })
}
