import type { FileSendResult } from '@fastify/send'
import { once } from 'node:events'
import { pipeline, type Readable, Transform } from 'node:stream'
import { NotFound } from './errors.ts'

/**
 * The open stream of a file that is sent; `undefined` where there is nothing to send.
 *
 * @throws {NotFound} when the file went away since it was looked at
 */
export async function takeStream(
  { statusCode, headers, stream }: FileSendResult,
  method: string,
): Promise<Readable | undefined> {
  const lengthBytes = Number(headers['Content-Length'])
  if (method === 'HEAD' || statusCode === 304 || lengthBytes === 0) {
    stream.on('error', ignore).destroy()
    return undefined
  }
  await once(stream, 'open').catch(toNotFound)
  return exactly(stream, lengthBytes)
}

/** A file may shrink while it is sent. Ending early would make the client take the next answer for the rest of this one. */
function exactly(stream: Readable, lengthBytes: number): Readable {
  let leftBytes = lengthBytes
  const counter = new Transform({
    transform(chunk: Buffer, _, done) {
      leftBytes -= chunk.length
      done(null, chunk)
    },
    flush(done) {
      done(leftBytes > 0 ? new Error('The file shrank while it was sent.') : null)
    },
  })
  // Errors arrive at the counter.
  pipeline(stream, counter, ignore)
  return counter
}

function toNotFound(cause: unknown): never {
  const isGone = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
  throw isGone ? new NotFound(undefined, { cause }) : cause
}

function ignore(): void {}
