/** Serves the app of each file that it is given, and tells its parent the ports. */
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { App } from 'dewar'
import type { Started } from './apps.ts'

type Exports = { app?: App; createApp?: () => App | Promise<App> }

await Promise.all(process.argv.slice(2).map(serve))

async function serve(file: string, nth: number): Promise<void> {
  const tell = (started: Omit<Started, 'nth'>) => process.send?.({ nth, ...started })
  try {
    // The query makes it a module of its own: two pages do not share an app.
    const exports: Exports = await import(`${pathToFileURL(resolve(file)).href}?page=${nth}`)
    const app = exports.app ?? (await exports.createApp?.())
    if (!app) return void tell({ error: `${file} exports neither app nor createApp.` })
    tell({ port: Number(new URL(await app.listen({ port: 0 })).port) })
  } catch (error) {
    tell({ error: error instanceof Error ? error.stack : String(error) })
  }
}
