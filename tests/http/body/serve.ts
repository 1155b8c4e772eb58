import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void

export interface Served extends AsyncDisposable {
  port: number
  url: string
  /** Resolves with what the handler's next promise became. */
  next(): Promise<PromiseSettledResult<void>>
  connect(): Socket
}

/** A real server on a free port. A handler that throws answers with the error's status and message. */
export async function serve(handler: Handler): Promise<Served> {
  const waiting: ((result: PromiseSettledResult<void>) => void)[] = []
  const server = createServer(async (request, response) => {
    const [result] = await Promise.allSettled([handle(handler, request, response)])
    waiting.shift()?.(result)
    if (result.status === 'rejected' && !response.destroyed) answerError(response, result.reason)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    next: () => new Promise((resolve) => waiting.push(resolve)),
    connect: () => connect(port, '127.0.0.1'),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function handle(
  handler: Handler,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  await handler(request, response)
}

function answerError(response: ServerResponse, error: { status?: number; message?: string }): void {
  response.writeHead(error.status ?? 500).end(JSON.stringify({ error: error.message }))
}

/** All that the server sends until it ends the connection, or until `enough` is in it. */
export async function receive(socket: Socket, enough?: string): Promise<string> {
  let text = ''
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    text += chunk.toString('latin1')
    if (enough !== undefined && text.includes(enough)) break
  }
  return text
}

/** Send `piece` for as long as anybody takes it. @returns how many bytes were taken */
export async function sendForever(socket: Socket, head: string, piece: string): Promise<number> {
  let sentBytes = 0
  function send(): void {
    if (!socket.writable) return
    sentBytes += piece.length
    socket.write(piece, () => setImmediate(send))
  }
  socket.on('error', () => {})
  socket.write(head, send)
  if (!socket.destroyed) await new Promise((resolve) => socket.once('close', resolve))
  return sentBytes
}
