import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Answers that may wait for those before them on one connection. */
const MAX_WAITING = 100

const waiting = new WeakMap<Socket, number>()

/**
 * Whether a request that was pipelined behind others may be begun; a connection with too many is ended.
 *
 * Node begins all that one packet holds, 1,500 and more, before it looks whether the client reads any answer.
 *
 * @param response which has no socket as long as it must wait
 */
export function mayBegin(response: ServerResponse, socket: Socket): boolean {
  const count = (waiting.get(socket) ?? 0) + 1
  if (count > MAX_WAITING || socket.destroyed) {
    socket.destroy()
    return false
  }
  waiting.set(socket, count)
  response.once('close', () => waiting.set(socket, (waiting.get(socket) ?? 1) - 1))
  return true
}
