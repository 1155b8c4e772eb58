import cors, { type FastifyCorsOptions } from '@fastify/cors'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Duration, toMs } from '../../lib/duration.ts'

/** Which pages of other origins may read answers. */
export interface CORSOptions {
  /** `['https://app.example.com']`: scheme, host, and port where it is not the usual one. `'*'` lets every page read. */
  readonly origins: readonly string[] | '*'
  /** Whether those pages may send cookies along. Never with `'*'`. Default: false. */
  readonly credentials?: boolean
  /** Headers of answers that their scripts may read, besides the usual ones. */
  readonly exposedHeaders?: readonly string[]
  /** How long a browser need not ask again. Default: `'10m'`. */
  readonly maxAge?: Duration
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

/**
 * Answer the questions of browsers, and tell them who may read.
 *
 * @throws {TypeError} when an origin is none, or everybody's pages could act as whoever is signed in
 */
export function allowOrigins(engine: FastifyInstance, options: CORSOptions): void {
  checkOrigins(options)
  const { origins, credentials = false, exposedHeaders = [], maxAge = '10m' } = options
  const asked: FastifyCorsOptions = {
    origin: origins === '*' ? '*' : [...origins],
    credentials,
    methods: METHODS,
    ...(exposedHeaders.length > 0 && { exposedHeaders: [...exposedHeaders] }),
    maxAge: Math.floor(toMs(maxAge) / 1000),
  }
  // The plugin would answer every OPTIONS itself; only a preflight is a question to it.
  const other = { ...asked, preflight: false }
  void engine.register(cors, () => (request: FastifyRequest, done: Done) => {
    done(null, isPreflight(request) ? asked : other)
  })
}

type Done = (error: Error | null, options: FastifyCorsOptions) => void

/** Fetch standard, section 3.2.2. */
function isPreflight({ method, headers }: FastifyRequest): boolean {
  return (
    method === 'OPTIONS' &&
    headers.origin !== undefined &&
    headers['access-control-request-method'] !== undefined
  )
}

function checkOrigins({ origins, credentials }: CORSOptions): void {
  if (origins === '*') {
    if (!credentials) return
    throw new TypeError(
      'CORS with `credentials` needs its `origins` by name: with "*" every page could act as whoever is signed in.',
    )
  }
  for (const origin of origins) {
    if (URL.canParse(origin) && new URL(origin).origin === origin) continue
    throw new TypeError(`Not an origin: "${origin}". Write it like "https://app.example.com".`)
  }
}
