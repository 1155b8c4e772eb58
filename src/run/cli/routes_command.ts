import { type Command, Option } from 'commander'
import type { BoundRoute } from '../../app/mount.ts'
import { type Invocation, loadAskedApp } from './invocation.ts'
import { formatTable } from './table.ts'

/** One line of `dewar routes --json`. */
interface ListedRoute {
  /** HEAD and OPTIONS too, where the app answers them by itself. */
  readonly methods: readonly string[]
  readonly path: string
  readonly name: string | null
  readonly blueprint: string | null
  readonly host: string | null
}

interface RoutesOptions {
  readonly json?: true
  readonly sort?: 'path' | 'name'
}

/** Add `dewar routes`. */
export function addRoutes(program: Command, invocation: Invocation): void {
  program
    .command('routes')
    .description('List the routes of the app')
    .argument('[filter]', 'only routes with this in their path or name, or with this method')
    .option('--json', 'as a JSON list')
    .addOption(new Option('--sort <by>', 'default: as declared').choices(['path', 'name']))
    .action(async (filter: string | undefined, options: RoutesOptions) => {
      const { app } = await loadAskedApp(invocation)
      try {
        const listed = select(app.boundRoutes.map(toListed), filter, options.sort)
        for (const line of linesOf(listed, filter, options)) invocation.terminal.print(line)
      } finally {
        await app.close()
      }
    })
}

function toListed({ route, path, name, mount, host }: BoundRoute): ListedRoute {
  const methods = new Set([...route.methods, 'OPTIONS'])
  if (methods.has('GET')) methods.add('HEAD')
  return {
    methods: [...methods].toSorted(),
    path,
    name: name ?? null,
    blueprint: mount === '' ? null : mount,
    host: host ?? null,
  }
}

function select(
  routes: readonly ListedRoute[],
  filter: string | undefined,
  sort: RoutesOptions['sort'],
): readonly ListedRoute[] {
  const found = filter === undefined ? routes : routes.filter((route) => fits(route, filter))
  if (sort === undefined) return found
  return found.toSorted((a, b) => compare(a[sort] ?? '', b[sort] ?? ''))
}

function fits({ path, name, methods }: ListedRoute, filter: string): boolean {
  return (
    path.includes(filter) ||
    name?.includes(filter) === true ||
    methods.includes(filter.toUpperCase())
  )
}

/** Not by locale: the order must be the same on every machine. */
function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

function linesOf(
  routes: readonly ListedRoute[],
  filter: string | undefined,
  { json }: RoutesOptions,
): string[] {
  if (json) return [JSON.stringify(routes, undefined, 2)]
  if (routes.length === 0) {
    return [filter === undefined ? 'The app has no routes.' : `No route fits "${filter}".`]
  }
  const hasHosts = routes.some((route) => route.host !== null)
  const heads = ['METHODS', 'PATH', 'NAME', 'BLUEPRINT', ...(hasHosts ? ['HOST'] : [])]
  const rows = routes.map(({ methods, path, name, blueprint, host }) => [
    methods.join(', '),
    path,
    name ?? '-',
    blueprint ?? '-',
    ...(hasHosts ? [host ?? '-'] : []),
  ])
  return formatTable([heads, ...rows])
}
