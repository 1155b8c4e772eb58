import { randomBytes } from 'node:crypto'

/** A file to upload in a test. */
export interface TestFile {
  readonly filename: string
  readonly content: string | Uint8Array
  /** Default: `application/octet-stream`. */
  readonly type?: string
}

/** At most one kind of body; `form` with `files` is multipart. */
export interface Body {
  readonly json?: unknown
  readonly form?: Readonly<Record<string, string | readonly string[]>>
  readonly files?: Readonly<Record<string, TestFile | readonly TestFile[]>>
  /** Sent as it is, with the content type that `headers` say. */
  readonly body?: string | Uint8Array
}

interface Encoded {
  readonly payload?: string | Buffer
  readonly headers: Readonly<Record<string, string>>
}

export function encodeBody({ json, form, files, body }: Body): Encoded {
  if (json !== undefined) {
    return { payload: JSON.stringify(json), headers: { 'content-type': 'application/json' } }
  }
  if (files) return multipart(form ?? {}, files)
  if (form) {
    const type = 'application/x-www-form-urlencoded'
    return {
      payload: new URLSearchParams(pairs(form)).toString(),
      headers: { 'content-type': type },
    }
  }
  if (body === undefined) return { headers: {} }
  return { payload: toBuffer(body), headers: {} }
}

function multipart(form: NonNullable<Body['form']>, files: NonNullable<Body['files']>): Encoded {
  const boundary = `dewar-${randomBytes(12).toString('hex')}`
  const fields = pairs(form).map(([name, value]) => part(boundary, `name="${name}"`, '', value))
  const uploads = pairs(files).map(([name, { filename, content, type }]) =>
    part(
      boundary,
      `name="${name}"; filename="${filename}"`,
      `Content-Type: ${type ?? 'application/octet-stream'}\r\n`,
      content,
    ),
  )
  const payload = Buffer.concat([...fields, ...uploads, Buffer.from(`--${boundary}--\r\n`)])
  return { payload, headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } }
}

function part(boundary: string, names: string, type: string, content: string | Uint8Array): Buffer {
  const head = `--${boundary}\r\nContent-Disposition: form-data; ${names}\r\n${type}\r\n`
  return Buffer.concat([Buffer.from(head), toBuffer(content), Buffer.from('\r\n')])
}

/** One pair for each item of a list. */
function pairs<T>(record: Readonly<Record<string, T | readonly T[]>>): [string, T][] {
  return Object.entries(record).flatMap(([name, value]) =>
    listOf(value).map((each): [string, T] => [name, each]),
  )
}

function listOf<T>(value: T | readonly T[]): readonly T[] {
  return isList(value) ? value : [value]
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value)
}

function toBuffer(content: string | Uint8Array): Buffer {
  return typeof content === 'string' ? Buffer.from(content) : Buffer.from(content)
}
