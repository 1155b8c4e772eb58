import { parseQuery } from '../lib/urlencoded.ts'

/** Text values by name; a list where the name stood more than once. */
export type TextValues = Readonly<Record<string, string | string[]>>

/** The query of a request without one, or of one that cannot be read. */
export const NO_QUERY: Record<string, string | string[]> = Object.freeze(Object.create(null))

/** Fastify's parser of query strings; it must not throw, so `Incoming.query` asks again and does. */
export function readQuery(search: string): Record<string, unknown> {
  if (search === '') return NO_QUERY
  try {
    return parseQuery(search)
  } catch {
    return NO_QUERY
  }
}
