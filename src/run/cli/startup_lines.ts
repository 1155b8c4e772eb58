import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import { relative } from 'node:path'
import type { AnyApp } from '../../app/app.ts'
import type { Profile } from '../../app/config/profile.ts'
import { blueprintsOf } from '../../app/mount.ts'
import { formatTable } from './table.ts'

/** What a server knows about its app when it starts. */
interface Started {
  readonly file: string
  readonly profile: Profile
  readonly host: string
  readonly cwd: string
}

const MAX_ROUTES = 30

/** All that the development server says about an app that listens. */
export function startupLines(app: AnyApp, { file, profile, host, cwd }: Started): string[] {
  const facts = [
    ['App', `${app.name} (${relative(cwd, file)})`],
    ['Profile', profile],
    ['Debug mode', app.debug ? 'on' : 'off'],
    ...app.announcements,
    ['Blueprints', Array.from(blueprintsOf(app), (each) => each.name).join(', ') || 'none'],
  ]
  return [
    ...facts.map(([label, text]) => ` * ${label}: ${text}`),
    ...routeLines(app),
    ' * This is a development server: do not use it in production.',
    ...addresses(host, portOf(app)).map((address) => ` * Running on ${address}`),
    'Press Ctrl+C to stop',
  ]
}

function routeLines({ boundRoutes }: AnyApp): string[] {
  if (boundRoutes.length === 0) return [' * Routes: none']
  const rows = boundRoutes.slice(0, MAX_ROUTES).map(({ route, path, name, host }) => {
    return [route.methods.join(', '), (host ?? '') + path, name ?? '']
  })
  const more = boundRoutes.length - rows.length
  const lines = formatTable(rows).map((line) => `     ${line}`)
  if (more > 0) lines.push(`     … ${more} more, see \`dewar routes\``)
  return [' * Routes:', ...lines]
}

function portOf({ fastify }: AnyApp): number {
  const address = fastify.server.address()
  return typeof address === 'object' && address ? address.port : 0
}

/** The addresses that can be opened; for "every network", one for each that this machine has. */
export function addresses(
  host: string,
  port: number,
  interfaces: ReturnType<typeof networkInterfaces> = networkInterfaces(),
): string[] {
  if (host !== '0.0.0.0' && host !== '::') return [toURL(host, port)]
  const all = Object.values(interfaces).flatMap((each) => each ?? [])
  // A link-local address needs the name of a network beside it, which no browser takes.
  const shown = all.filter(({ family, address }) =>
    family === 'IPv4' ? true : host === '::' && !address.startsWith('fe80'),
  )
  const local = shown.toSorted((a, b) => Number(b.internal) - Number(a.internal))
  return [...new Set(local.map(({ address }) => toURL(address, port)))]
}

function toURL(host: string, port: number): string {
  return `http://${isIP(host) === 6 ? `[${host}]` : host}:${port}`
}
