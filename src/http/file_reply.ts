import {
  type DirectorySendResult,
  type ErrorSendResult,
  type FileSendResult,
  send,
} from '@fastify/send'
import type { Stats } from 'node:fs'
import { realpath } from 'node:fs/promises'
import type { IncomingHttpHeaders } from 'node:http'
import { basename, dirname, isAbsolute, resolve, sep } from 'node:path'
import type { Readable } from 'node:stream'
import { HTTPError, NotFound } from './errors.ts'
import { attachment } from './file_reply_disposition.ts'
import { SendableRequest } from './file_reply_request.ts'
import { takeStream } from './file_reply_stream.ts'

export interface FileOptions {
  /** The request's method and headers: ranges and conditions are only looked at for GET and HEAD. */
  method: string
  headers: IncomingHttpHeaders
  /** The directory that the path must stay in. Always give it when the path comes from the client. */
  root?: string | undefined
  /** Content-Type. Default: by the name's extension. */
  type?: string | undefined
  /** Make browsers save it: under its own name, or under this one. */
  download?: boolean | string | undefined
  /** Cache-Control. Default `'no-cache'`: kept, and asked for again every time. */
  cacheControl?: string | undefined
  /** Serve files and directories whose name begins with a dot. Default false. */
  dotfiles?: boolean | undefined
}

/** An answer that is a file, or a part of one, or that the client has it already. */
export interface FileReply {
  status: number
  /** Names in lower case. */
  headers: Record<string, string>
  /** The body, open; whoever gets it reads or destroys it. Absent for HEAD, 304 and empty files. */
  stream: Readable | undefined
}

/**
 * Open a file for an answer, with ranges and conditions (RFC 9110 sections 13 and 14).
 *
 * Several ranges at once are answered with the whole file.
 *
 * @param path as the file system knows it, not percent-encoded; relative to `root`
 * @throws {NotFound} when it is no file, begins with a dot, or is outside of `root`, also by a link
 * @throws {HTTPError} 412 when a condition fails, 416 when the range begins after the end
 */
export async function openFile(path: string, options: FileOptions): Promise<FileReply> {
  const { root, name } = locate(path, options.root)
  const request = new SendableRequest(options.method, options.headers)
  const result = await send(request, encodeURIComponent(name), {
    root,
    index: false,
    cacheControl: false,
    dotfiles: options.dotfiles ? 'allow' : 'ignore',
    onFile: async (file, stats) => {
      await requireServable(file, stats, options.root)
      request.fitRange(stats.size)
    },
  })
  if (result.type !== 'file') throw refusal(result)
  const headers = toHeaders(result, basename(name), options)
  const stream = await takeStream(result, options.method)
  return { status: result.statusCode, headers, stream }
}

/** Without `root` the path is the programmer's, and only its last segment can be wrong. */
function locate(path: string, root: string | undefined): { root: string; name: string } {
  if (path.includes('\0') || !path.isWellFormed()) throw new NotFound()
  if (root === undefined) return { root: dirname(resolve(path)), name: basename(path) }
  if (isAbsolute(path)) throw new NotFound()
  return { root, name: path }
}

/** @throws {NotFound} for what is no file (a FIFO would never end), and for a link that leads out of `root` */
async function requireServable(
  file: string,
  stats: Stats,
  root: string | undefined,
): Promise<void> {
  if (!stats.isFile()) throw new NotFound()
  if (root === undefined) return
  const [realFile, realRoot] = await Promise.all([realpath(file), realpath(root)])
  const inside = realRoot.endsWith(sep) ? realRoot : realRoot + sep
  if (!realFile.startsWith(inside)) throw new NotFound()
}

function refusal(result: DirectorySendResult | ErrorSendResult): Error {
  if (result.type === 'directory') return new NotFound()
  const { statusCode, headers, metadata } = result
  if (statusCode === 412) return new HTTPError(412, 'The file is not as the request expects it.')
  if (statusCode === 416) {
    const contentRange = headers['Content-Range'] ?? ''
    const message = 'The range begins after the end of the file.'
    return new HTTPError(416, message, { headers: { 'content-range': contentRange } })
  }
  const cause = metadata.error
  const isLoop = 'code' in cause && cause.code === 'ELOOP'
  return statusCode === 500 && !isLoop ? cause : new NotFound(undefined, { cause })
}

function toHeaders(
  { statusCode, headers }: FileSendResult,
  name: string,
  { type, download, cacheControl = 'no-cache' }: FileOptions,
): Record<string, string> {
  // oxlint-disable-next-line typescript/no-unnecessary-template-expression -- the length is a number, whatever the types say
  const found = Object.entries(headers).map(([key, value]) => [key.toLowerCase(), `${value}`])
  const all: Record<string, string> = Object.fromEntries(found)
  // Size and milliseconds make it strong enough for a range to go on with; a weak one never is.
  if (all['etag']) all['etag'] = all['etag'].replace(/^W\//, '')
  all['cache-control'] = cacheControl
  if (statusCode === 304) return all
  if (type !== undefined) all['content-type'] = type
  // Browsers must not take a picture that somebody uploaded for a page.
  all['x-content-type-options'] = 'nosniff'
  if (download) all['content-disposition'] = attachment(download === true ? name : download)
  return all
}
