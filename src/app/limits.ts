import type { FormOptions } from '../http/body/form.ts'

/** How much of a request's body is read, at the most. */
export interface Limits {
  /** Of a JSON, urlencoded or raw body. */
  readonly maxBodyBytes: number
  /** Of a multipart body in all; a route's `maxBodyBytes` stands in its place. */
  readonly maxMultipartBytes: number
  /** Fields of a form. */
  readonly maxFields: number
  /** Of one multipart field. */
  readonly maxFieldBytes: number
  readonly maxFiles: number
  /** Of one file. */
  readonly maxFileBytes: number
}

const MIB = 1_048_576

export const DEFAULT_LIMITS: Limits = {
  maxBodyBytes: MIB,
  maxMultipartBytes: 32 * MIB,
  maxFields: 1000,
  maxFieldBytes: MIB,
  maxFiles: 10,
  maxFileBytes: 10 * MIB,
}

/** A route that names a limit of its own has it for every kind of body. */
export function withMaxBytes(limits: Limits, maxBytes: number | undefined): Limits {
  if (maxBytes === undefined) return limits
  return { ...limits, maxBodyBytes: maxBytes, maxMultipartBytes: maxBytes, maxFileBytes: maxBytes }
}

/** @param contentType decides which of the limits holds for the whole body */
export function toFormOptions(limits: Limits, contentType: string | undefined): FormOptions {
  const isMultipart = contentType?.toLowerCase().startsWith('multipart/')
  return { ...limits, maxBytes: isMultipart ? limits.maxMultipartBytes : limits.maxBodyBytes }
}
