import { type Duration, toMs } from '../../lib/duration.ts'

/** Headers of every answer that has none of its own of that name; `false` leaves one out. */
export interface SecurityHeaders {
  /** Default: nothing may be loaded, and nobody may frame it. Pages of the app set their own with `c.setHeader`. */
  readonly contentSecurityPolicy?: string | false
  /** How long browsers use nothing but TLS; only said over TLS. Default: `'365d'`, for subdomains too. */
  readonly strictTransportSecurity?:
    | {
        readonly maxAge: Duration
        readonly includeSubDomains?: boolean
        readonly preload?: boolean
      }
    | false
  /** Which sites may embed answers. Default: `'same-origin'`. */
  readonly crossOriginResourcePolicy?: 'same-origin' | 'same-site' | 'cross-origin' | false
  /** Default: `'no-referrer'`. */
  readonly referrerPolicy?: string | false
  /** For browsers that know no `frame-ancestors`. Default: `'DENY'`. */
  readonly frameOptions?: 'DENY' | 'SAMEORIGIN' | false
}

type HeaderList = Readonly<Record<string, string>>

const POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** The headers as they are sent, made once. */
export function toHeaders(options: SecurityHeaders): { plain: HeaderList; overTLS: HeaderList } {
  const { strictTransportSecurity: transport = { maxAge: '365d', includeSubDomains: true } } =
    options
  const wanted = {
    'content-security-policy': options.contentSecurityPolicy ?? POLICY,
    'cross-origin-resource-policy': options.crossOriginResourcePolicy ?? 'same-origin',
    'referrer-policy': options.referrerPolicy ?? 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': options.frameOptions ?? 'DENY',
  }
  const pairs = Object.entries(wanted).filter((pair): pair is [string, string] => pair[1] !== false)
  const plain = Object.fromEntries(pairs)
  if (transport === false) return { plain, overTLS: plain }
  const { maxAge, includeSubDomains = true, preload = false } = transport
  const parts = [
    `max-age=${Math.floor(toMs(maxAge) / 1000)}`,
    ...(includeSubDomains ? ['includeSubDomains'] : []),
    ...(preload ? ['preload'] : []),
  ]
  return { plain, overTLS: { ...plain, 'strict-transport-security': parts.join('; ') } }
}
