import { IncomingMessage } from 'node:http'

/**
 * A request as Node's server makes it with `optimizeEmptyRequests`: the stream of one without a body is over before
 * anybody sees it, and Node says nothing more of it.
 *
 * Plugins of Fastify listen to that stream. So whoever listens for its end hears of it, and whoever waits for its client to go
 * away does too.
 */
export class ServerRequest extends IncomingMessage {
  // oxlint-disable-next-line typescript/no-explicit-any -- as Node's own types have it
  override on(event: string | symbol, listener: (...args: any[]) => void): this {
    if (event === 'end' && isEmpty(this)) process.nextTick(() => listener.call(this))
    return super.on(event, listener)
  }

  override destroy(error?: Error): this {
    if (!this.aborted && isEmpty(this)) {
      this.aborted = true
      this.emit('aborted')
      this.emit('close')
      this.socket.destroy(error)
    }
    return super.destroy(error)
  }
}

/** Whether Node had its stream over from the start: it neither ends nor is destroyed then as others are. */
function isEmpty(request: IncomingMessage): boolean {
  const { headers, destroyed, readableEnded } = request
  if (!destroyed || !readableEnded) return false
  return headers['content-length'] === undefined && headers['transfer-encoding'] === undefined
}
