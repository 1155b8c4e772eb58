import { existsSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import type { AnyApp } from '../../app/app.ts'
import { testClient } from '../testing/client.ts'
import { importFile, type LoadedApp } from './load_app.ts'
import { dewarVersion } from './program.ts'

/** What code in the shell can name. */
export interface ShellNames {
  readonly values: ReadonlyMap<string, unknown>
  /** The same names, by where they are from. */
  readonly origins: readonly (readonly [from: string, names: readonly string[]])[]
}

/** Files beside the app's whose exports are at hand as well. */
const NEIGHBOURS = ['extensions', 'models']

/** The app, what it and its neighbours export, and the tools to try them with. The app's own names win. */
export async function shellNames({ app, file, exports }: LoadedApp): Promise<ShellNames> {
  const tools = { app, client: testClient(app), urlFor: app.urlFor }
  const neighbours = NEIGHBOURS.map((name) => join(dirname(file), name + extname(file)))
  const found = neighbours.filter((each) => existsSync(each))
  const modules = await Promise.all(
    found.map(async (each) => [basename(each), await importFile(each)] as const),
  )
  const sources = [['Dewar', tools], [basename(file), exports], ...modules] as const
  const values = new Map<string, unknown>()
  const origins = sources.map(([from, members]) => {
    const fresh = Object.keys(members).filter((name) => isFree(name) && !values.has(name))
    for (const name of fresh) values.set(name, Reflect.get(members, name))
    return [from, fresh] as const
  })
  return { values, origins: origins.filter(([, names]) => names.length > 0) }
}

/** Whether code can say it; what Node itself has under this name stays Node's: the app's own code uses it. */
function isFree(name: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) && !(name in globalThis)
}

/** Let code name them, in the realm of the app: its lists and errors are of the classes that the app knows. */
export function defineGlobals({ values }: ShellNames): void {
  for (const [name, value] of values) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true })
  }
}

/** What the prompt begins with. */
export function bannerLines(app: AnyApp, { origins }: ShellNames): string[] {
  return [
    `Dewar ${dewarVersion()}, Node ${process.versions.node}: the app "${app.name}"`,
    ...origins.map(([from, names]) => `  from ${from}: ${names.join(', ')}`),
    'Each line is a scope of its own: kept when it succeeds, undone when it throws.',
    'Try: await client.get("/"). Leave with Ctrl+D.',
  ]
}
