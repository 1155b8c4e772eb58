import { Server, type ServerResponse } from 'node:http'
import { Server as SecureServer } from 'node:https'
import type { Socket } from 'node:net'
import { answerInFlight } from './answer_in_flight.ts'
import { connectionEvent } from './stalled.ts'

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

  /** @param server that does not listen yet; of one for HTTP/2, whose connections know to end, none are kept */
  constructor(server: unknown) {
    if (!(server instanceof Server || server instanceof SecureServer)) return
    server.on(connectionEvent(server), (socket: Socket) => {
      this.#sockets.set(socket, { bytesRead: -1 })
      socket.once('close', () => this.#sockets.delete(socket))
    })
  }

  /** Answers that are being made or sent. */
  get inFlight(): ServerResponse[] {
    const answers: ServerResponse[] = []
    for (const socket of this.#sockets.keys()) {
      const answer = answerInFlight(socket)
      if (answer) answers.push(answer)
    }
    return answers
  }

  /**
   * Let every answer in flight be the last on its connection, and end all others.
   *
   * @returns ends the watch over those that are left
   */
  drain(): () => void {
    for (const answer of this.inFlight) {
      if (!answer.headersSent) answer.setHeader('connection', 'close')
    }
    const startedAt = performance.now()
    const sweep = setInterval(() => {
      const isLate = performance.now() - startedAt > ARRIVAL_MS
      for (const [socket, seen] of this.#sockets) endUnlessBusy(socket, seen, isLate)
    }, SWEEP_MS)
    return () => clearInterval(sweep)
  }

  /** Cut off what is left. */
  destroy(): void {
    for (const socket of this.#sockets.keys()) socket.destroy()
  }
}

function endUnlessBusy(socket: Socket, seen: { bytesRead: number }, isLate: boolean): void {
  if (answerInFlight(socket) || socket.writableLength > 0) return
  const isQuiet = socket.bytesRead === seen.bytesRead
  if (isQuiet || isLate) socket.destroy()
  seen.bytesRead = socket.bytesRead
}
