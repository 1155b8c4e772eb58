import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { answerInFlight } from '../../http/connection/answer_in_flight.ts'
import { connectionEvent } from '../../http/connection/stalled.ts'

const SWEEP_MS = 50
/** For a request that is still on its way. One that takes longer than this would keep a server from stopping. */
const ARRIVAL_MS = 1000

/**
 * The connections of a server, so that they can be ended as soon as nothing is owed on them.
 *
 * Node closes idle connections with the server, but not one on which nothing has come yet, or only a part of a
 * request; and its check for slow ones stops. A connection that was busy lives on after its answer, for as long as
 * `keepAliveTimeout` says.
 */
export class Connections {
  readonly #sockets = new Map<Socket, { bytesRead: number }>()
  #sweep: NodeJS.Timeout | undefined = undefined

  /** @param server that does not listen yet */
  constructor(server: Server) {
    server.on(connectionEvent(server), (socket: Socket) => {
      this.#sockets.set(socket, { bytesRead: -1 })
      socket.once('close', () => this.#sockets.delete(socket))
    })
  }

  /** How many answers are being made or sent. */
  get inFlight(): number {
    return [...this.#sockets.keys()].filter((socket) => answerInFlight(socket)).length
  }

  /** Let every answer in flight be the last on its connection, and end all others. Call it once. */
  drain(): void {
    const startedAt = performance.now()
    this.#sweep = setInterval(() => {
      const isLate = performance.now() - startedAt > ARRIVAL_MS
      for (const [socket, seen] of this.#sockets) endUnlessBusy(socket, seen, isLate)
    }, SWEEP_MS)
    for (const socket of this.#sockets.keys()) {
      const answer = answerInFlight(socket)
      if (answer && !answer.headersSent) answer.setHeader('connection', 'close')
    }
  }

  /** Cut off what is left. */
  destroy(): void {
    clearInterval(this.#sweep)
    for (const socket of this.#sockets.keys()) socket.destroy()
  }
}

function endUnlessBusy(socket: Socket, seen: { bytesRead: number }, isLate: boolean): void {
  if (answerInFlight(socket) || socket.writableLength > 0) return
  const isQuiet = socket.bytesRead === seen.bytesRead
  if (isQuiet || isLate) socket.destroy()
  seen.bytesRead = socket.bytesRead
}
