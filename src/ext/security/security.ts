import type { FastifyRequest } from 'fastify'
import type { Finding } from '../../app/audit.ts'
import type { Extension, Setup } from '../../app/extension.ts'
import { allowOrigins, type CORSOptions } from './cors.ts'
import { type SecurityHeaders, toHeaders } from './headers.ts'
import { Hosts } from './hosts.ts'

/** What an app decides when it installs its defences. */
export interface SecurityOptions {
  /**
   * The names that this app is asked by, without ports: `['api.example.com', '*.example.net']`. A request for another
   * one is refused with 421. Must be there in production; `'*'` takes any. Default elsewhere: any.
   */
  readonly hosts?: readonly string[] | '*' | undefined
  /** Pages of other origins that may read answers. Default: none. */
  readonly cors?: CORSOptions | undefined
  readonly headers?: SecurityHeaders | undefined
}

/** The defences of one app. */
export interface Security {
  /** Undefined where any will do. */
  readonly hosts: Hosts | undefined
}

/**
 * Headers that make browsers careful, answers for pages of other origins, and a list of hosts.
 *
 * @example
 * ```ts
 * import { App } from 'dewar'
 * import { security } from 'dewar/security'
 *
 * new App('shop', { profile: 'production', trustProxy: '10.0.0.0/8' }).install(security, {
 *   hosts: ['api.example.com'],
 *   cors: { origins: ['https://shop.example.com'], credentials: true },
 * })
 * ```
 */
export const security: Extension<Security, SecurityOptions | undefined> = {
  name: 'security',
  setup(app, { hosts, cors, headers = {} } = {}) {
    const known = toHosts(app, hosts)
    const { plain, overTLS } = toHeaders(headers)
    app.fastify.addHook('onRequest', (request, reply, done) => {
      reply.headers(request.protocol === 'https' ? overTLS : plain)
      if (!known || known.has(request.hostname)) done()
      else done(new UnknownHost(request))
    })
    if (cors) allowOrigins(app.fastify, cors)
    app.audit(() => findingsOf(known, cors))
    return { hosts: known }
  },
}

function findingsOf(hosts: Hosts | undefined, cors: CORSOptions | undefined): Finding[] {
  const findings: Finding[] = []
  if (!hosts) {
    const unsafe = 'Requests for any host are answered.'
    findings.push({ unsafe, remedy: 'security: name the `hosts` of this app.' })
  }
  const origins = cors && cors.origins !== '*' ? cors.origins : []
  for (const origin of origins.filter((each) => each.startsWith('http://'))) {
    const unsafe = `Pages of ${origin} may read answers, and anybody on the way may change those pages.`
    findings.push({ unsafe, remedy: 'security: let `cors` name origins over https alone.' })
  }
  return findings
}

/** RFC 9110, section 15.5.20. The app answers it in its own form of errors. */
class UnknownHost extends Error {
  readonly statusCode = 421

  constructor({ hostname }: FastifyRequest) {
    super(`Nothing here answers for the host "${hostname.slice(0, 100)}".`)
  }
}

function toHosts(app: Setup, hosts: SecurityOptions['hosts']): Hosts | undefined {
  if (hosts === '*') return undefined
  if (hosts !== undefined && hosts.length > 0) return new Hosts(hosts)
  if (app.profile !== 'production') return undefined
  throw new TypeError(
    `The app "${app.name}" must say in production which \`hosts\` it answers for: links that it makes, and caches before it, ` +
      "otherwise go by whatever a client says. `hosts: '*'` takes any.",
  )
}
