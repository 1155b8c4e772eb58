import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { parseUrlencoded, TooManyFields } from '../../lib/urlencoded.ts'
import { BadRequest, PayloadTooLarge, ServiceUnavailable, UnsupportedMediaType } from '../errors.ts'
import { type Entry, FormParts, type PartLimits } from './form_parts.ts'
import { type HeaderValue, parseHeaderValue } from './header_value.ts'
import { splitParts } from './multipart.ts'
import { hasBody, readBytes, type ReadOptions, requireReadable } from './read_bytes.ts'
import { UploadedFile } from './uploaded_file.ts'

export interface FormOptions extends ReadOptions {
  /** How many fields a form may have. Default 1,000. */
  maxFields?: number | undefined
  /** Of one multipart field. Default 1 MB. */
  maxFieldBytes?: number | undefined
  /** How many files a form may have. Default 10. */
  maxFiles?: number | undefined
  /** Of one file. Default 10 MB. */
  maxFileBytes?: number | undefined
  /** Header lines of one part. Default 32. */
  maxHeaderPairs?: number | undefined
  /** Where files lie while the request lasts. Default: the system's directory for temporary files. */
  directory?: string | undefined
  /** What a body of another type is: refused (default), or a form without fields, as in Flask. */
  otherType?: 'refuse' | 'empty' | undefined
}

/** A form that was read. Whoever reads one disposes of it: that removes its files. */
export interface ReadForm extends AsyncDisposable {
  /** Nothing is inherited: `__proto__` is a name like any other. A repeated field is a list. */
  fields: Record<string, string | string[]>
  files: Record<string, UploadedFile[]>
  dispose(): Promise<void>
}

/**
 * Read a body as a form, urlencoded or multipart.
 *
 * When it throws, nothing is left on disk.
 *
 * @throws {UnsupportedMediaType} when the body is of another type
 * @throws {BadRequest} when it is malformed, ends too early, or has a part without a name
 * @throws {PayloadTooLarge} when it passes one of the limits
 * @throws {ServiceUnavailable} when its files cannot be stored, for example because the disk is full
 * @throws {ClientGone} when the connection ends before the body does
 */
export async function readForm(request: IncomingMessage, options: FormOptions): Promise<ReadForm> {
  const type = parseHeaderValue(request.headers['content-type'] ?? '')
  if (type?.value === 'application/x-www-form-urlencoded') return readUrlencoded(request, options)
  if (type?.value === 'multipart/form-data') return readMultipart(request, type, options)
  if (options.otherType === 'empty') return toForm([])
  throw new UnsupportedMediaType('Request must be a form')
}

const MB = 1024 * 1024

async function readUrlencoded(request: IncomingMessage, options: FormOptions): Promise<ReadForm> {
  const bytes = await readBytes(request, options)
  try {
    return { ...toForm([]), fields: parseUrlencoded(bytes.toString('utf8'), options.maxFields) }
  } catch (cause) {
    if (!(cause instanceof TooManyFields)) throw cause
    throw new PayloadTooLarge(`The form has more than ${cause.maxFields} fields.`, { cause })
  }
}

async function readMultipart(
  request: IncomingMessage,
  { parameters: { boundary = '' } }: HeaderValue,
  options: FormOptions,
): Promise<ReadForm> {
  const { maxBytes, maxHeaderPairs = 32, directory = tmpdir(), signal, periodMs } = options
  requireReadable(request, maxBytes)
  if (!BOUNDARY.test(boundary)) throw new BadRequest('The multipart form names no valid boundary.')
  if (!hasBody(request)) throw new BadRequest('The multipart form is empty.')

  const stop = new AbortController()
  const parts = new FormParts(limitsOf(options), directory, (error) => stop.abort(error))
  try {
    await splitParts(request, {
      boundary,
      maxBytes,
      maxHeaderPairs,
      periodMs,
      signal: signal ? AbortSignal.any([signal, stop.signal]) : stop.signal,
      onPart: (part, header) => parts.add(part, header),
    })
    return toForm(await parts.all(), () => parts.dispose())
  } catch (error) {
    await parts.dispose()
    throw isOutOfStorage(error)
      ? new ServiceUnavailable('Uploads cannot be stored now.', { cause: error })
      : error
  }
}

/** RFC 2046 section 5.1.1, and what browsers send. */
const BOUNDARY = /^[!-~](?:[ -~]{0,68}[!-~])?$/

function limitsOf(options: FormOptions): PartLimits {
  return {
    maxFields: options.maxFields ?? 1000,
    maxFieldBytes: options.maxFieldBytes ?? MB,
    maxFiles: options.maxFiles ?? 10,
    maxFileBytes: options.maxFileBytes ?? 10 * MB,
  }
}

function toForm(entries: readonly Entry[], dispose: () => Promise<void> = nothing): ReadForm {
  const fields: ReadForm['fields'] = Object.create(null)
  const files: ReadForm['files'] = Object.create(null)
  for (const { name, value } of entries) {
    const known = fields[name]
    if (value instanceof UploadedFile) (files[name] ??= []).push(value)
    else if (known === undefined) fields[name] = value
    else if (typeof known === 'string') fields[name] = [known, value]
    else known.push(value)
  }
  return { fields, files, dispose, [Symbol.asyncDispose]: dispose }
}

/** The disk is full, the quota is used up, or too many files are open. */
const OUT_OF_STORAGE = new Set(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE'])

function isOutOfStorage(error: unknown): boolean {
  return error instanceof Error && 'code' in error && OUT_OF_STORAGE.has(String(error.code))
}

async function nothing(): Promise<void> {}
